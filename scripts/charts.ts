import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { findingsOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { compareRuns } from '../harness/report/comparison/comparison.ts';
import { unfinishedLines } from '../harness/report/comparison/left-out.ts';
import { gapsOf } from '../harness/report/gaps.ts';
import { writeComparisonCharts, writeReport } from '../harness/report/write-report.ts';
import { EXIT, MARGIN, runCommand } from './command.ts';
import { directoryOf, openDirectory, RESULTS } from './directory.ts';
import { pathForPeople } from './path.ts';
import { recordsOfRun } from './results.ts';

const command = new Command('npm run charts --')
  .showSuggestionAfterError(false)
  .description(
    'Makes tables, pictures and the page again from the records of a run, beside them; the same records give the same ' +
      'bytes. Of two runs, before and after, it draws both in one chart for each experiment.',
  )
  .argument(
    '[directories...]',
    'where the records are (default: results/latest); two to set a run beside another',
  )
  .option('--svg', 'write each picture as an SVG, too')
  .option('--out <dir>', 'of two runs: where their charts go (default: results/compare)')
  .option('--paired', 'of two runs: they ran in the same rounds, as compare --base leaves them');

type Options = ReturnType<typeof command.opts>;

await runCommand(async () => {
  command.parse();
  const options = command.opts();
  const [directory = join(RESULTS, 'latest'), after, third] = command.args;
  if (third !== undefined) throw new Error('Charts are made of one run, or of two: before and after.');
  if (after === undefined && (options.out !== undefined || options.paired))
    throw new Error(
      '--out and --paired go with two directories; what is made of one run stands beside its records.',
    );
  const pictures =
    after === undefined ? await chartsOf(directory, options) : await chartsOfBoth(directory, after, options);
  for (const picture of pictures) console.log(pathForPeople(picture));
  return EXIT.done;
});

async function chartsOf(directory: string, { svg }: Options): Promise<string[]> {
  const records = recordsOfRun(directory);
  const catalog = await loadCatalog();
  openDirectory('The directory', resolve(directory));
  const { summary, pictures } = await writeReport(resolve(directory), records, findingsOf(catalog), {
    svg: svg === true,
  });
  for (const sentence of gapsOf(summary, records)) console.error(`Warning: ${sentence}`);
  return pictures;
}

async function chartsOfBoth(before: string, after: string, { out, svg, paired }: Options): Promise<string[]> {
  const comparison = compareRuns(recordsOfRun(before), recordsOfRun(after), {
    margin: MARGIN,
    paired: paired === true,
  });
  for (const line of [...comparison.warnings, ...unfinishedLines(comparison.lacking)])
    console.error(`Warning: ${line}`);
  const directory = directoryOf('--out', out, join(RESULTS, 'compare'));
  openDirectory('--out', directory);
  return writeComparisonCharts(directory, comparison, { svg: svg === true });
}
