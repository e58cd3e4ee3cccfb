import { join, resolve } from 'node:path';

import { warningText } from '../harness/findings/warnings.ts';
import { experimentOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import type { Project } from '../harness/project.ts';
import { compareRuns } from '../harness/report/comparison/comparison.ts';
import { unfinishedLines } from '../harness/report/comparison/left-out.ts';
import { gapsOf } from '../harness/report/gaps.ts';
import { writeComparisonCharts, writeReport } from '../harness/report/write-report.ts';
import { createCommand, EXIT, type Io, type Main, readCommandLine, runCommand } from './command.ts';
import { directoryOf, openDirectory } from './directory.ts';
import { pathForPeople } from './path.ts';
import { recordsOfRun } from './results.ts';

const define = () =>
  createCommand('charts')
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

type Options = ReturnType<ReturnType<typeof define>['opts']>;

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const options = command.opts();
  const [directory = join(project.results, 'latest'), after, third] = command.args;
  if (third !== undefined) throw new Error('Charts are made of one run, or of two: before and after.');
  if (after === undefined && (options.out !== undefined || options.paired))
    throw new Error(
      '--out and --paired go with two directories; what is made of one run stands beside its records.',
    );
  const pictures =
    after === undefined
      ? await chartsOf(project, directory, { options, io })
      : await chartsOfBoth(project, [directory, after], { options, io });
  for (const picture of pictures) io.print(pathForPeople(picture));
  return EXIT.done;
};

interface Asked {
  readonly options: Options;
  readonly io: Io;
}

async function chartsOf(
  project: Project,
  directory: string,
  { options: { svg }, io }: Asked,
): Promise<string[]> {
  const records = recordsOfRun(directory, project.order);
  const catalog = await loadCatalog(project);
  openDirectory('The directory', resolve(directory));
  const { summary, pictures } = await writeReport(resolve(directory), records, experimentOf(catalog), {
    svg: svg === true,
  });
  for (const sentence of gapsOf(summary, records)) io.warn(`Warning: ${sentence}`);
  return pictures;
}

async function chartsOfBoth(
  { margin, results, order }: Project,
  [before, after]: readonly [before: string, after: string],
  { options: { out, svg, paired }, io }: Asked,
): Promise<string[]> {
  const comparison = compareRuns(recordsOfRun(before, order), recordsOfRun(after, order), {
    margin,
    paired: paired === true,
  });
  for (const line of [...comparison.warnings.map(warningText), ...unfinishedLines(comparison.lacking)])
    io.warn(`Warning: ${line}`);
  const directory = directoryOf('--out', out, join(results, 'compare'));
  openDirectory('--out', directory);
  return writeComparisonCharts(directory, comparison, { svg: svg === true });
}

if (import.meta.main) await runCommand(main);
