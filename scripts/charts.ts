import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { findingsOf, loadCatalog } from '../harness/measure/catalog.ts';
import { compareRuns } from '../harness/report/comparison.ts';
import { writeComparisonCharts, writeReport } from '../harness/report/report.ts';
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
  .option('--out <dir>', 'of two runs: where their charts go (default: results/compare)');

await runCommand(async () => {
  command.parse();
  const { out, svg = false } = command.opts();
  const [directory = join(RESULTS, 'latest'), after, third] = command.args;
  if (third !== undefined) throw new Error('Charts are made of one run, or of two: before and after.');
  if (after === undefined && out !== undefined)
    throw new Error('--out goes with two directories; what is made of one run stands beside its records.');
  const pictures =
    after === undefined
      ? await chartsOf(directory, svg)
      : await chartsOfBoth(directory, after, directoryOf('--out', out, join(RESULTS, 'compare')), svg);
  for (const picture of pictures) console.log(pathForPeople(picture));
  return EXIT.done;
});

async function chartsOf(directory: string, svg: boolean): Promise<string[]> {
  const records = recordsOfRun(directory);
  const catalog = await loadCatalog();
  openDirectory('The directory', resolve(directory));
  const { pictures } = await writeReport(resolve(directory), records, findingsOf(catalog), { svg });
  return pictures;
}

function chartsOfBoth(before: string, after: string, out: string, svg: boolean): Promise<string[]> {
  const comparison = compareRuns(recordsOfRun(before), recordsOfRun(after), { margin: MARGIN });
  openDirectory('--out', out);
  return writeComparisonCharts(out, comparison, { svg });
}
