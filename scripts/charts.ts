import { join, resolve } from 'node:path';

import { warningText } from '../harness/findings/warnings.ts';
import { experimentOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { pathForPeople } from '../harness/path.ts';
import type { Project } from '../harness/project.ts';
import { readRecords } from '../harness/record/record-files.ts';
import { compareRuns } from '../harness/report/comparison/comparison.ts';
import { unfinishedLines } from '../harness/report/comparison/left-out.ts';
import { gapsOf } from '../harness/report/gaps.ts';
import { tuneFiles } from '../harness/report/tune/tune-files.ts';
import { type WrittenPictures, writeComparisonCharts, writeReport } from '../harness/report/write-report.ts';
import { readTuneRecord } from '../harness/tune/tune-record.ts';
import {
  createCommand,
  EXIT,
  type Io,
  type Main,
  readCommandLine,
  runCommand,
  warnOfBroken,
} from './command.ts';
import { directoryOf, openDirectory } from './directory.ts';
import { recordsOfRun } from './results.ts';

const define = () =>
  createCommand('charts')
    .description(
      'Recreates the tables, pictures and page of a run from its records; the same records give the same bytes. With two ' +
        'runs, before and after, it draws both in one chart per experiment.',
    )
    .argument(
      '[directories...]',
      'the directory of the records (default: results/latest); two directories compare two runs',
    )
    .option('--svg', 'write each picture as an SVG, too')
    .option('--out <dir>', 'with two runs: the directory for the charts (default: results/compare)')
    .option('--paired', 'with two runs: they ran in the same rounds, as with compare --base');

type Options = ReturnType<ReturnType<typeof define>['opts']>;

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const options = command.opts();
  const [directory = join(project.results, 'latest'), after, third] = command.args;
  if (third !== undefined)
    throw new Error('Charts need the directory of one run, or of two runs: before and after.');
  if (after === undefined && (options.out !== undefined || options.paired))
    throw new Error(
      '--out and --paired need two directories; the charts of one run are written next to its records.',
    );
  const { pictures, leftOut } =
    after === undefined
      ? await chartsOf(project, directory, { options, io })
      : await chartsOfBoth(project, [directory, after], { options, io });
  if (leftOut !== null) io.warn(leftOut);
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
): Promise<WrittenPictures> {
  const tune = readTuneRecord(resolve(directory));
  if (tune !== null) {
    const { writeTune } = await import('../harness/report/tune/write-tune.ts');
    const leftOut = await writeTune(resolve(directory), tune);
    const isAlone = readRecords(resolve(directory)).length === 0;
    if (isAlone)
      return { pictures: tuneFiles(resolve(directory)).filter((file) => file.endsWith('.png')), leftOut };
  }
  const records = recordsOfRun(directory, project.order);
  const catalog = await loadCatalog(project, { broken: warnOfBroken(io) });
  openDirectory('The directory', resolve(directory));
  const { summary, ...written } = await writeReport(resolve(directory), records, experimentOf(catalog), {
    svg: svg === true,
  });
  for (const sentence of gapsOf(summary, records)) io.warn(`Warning: ${sentence}`);
  return written;
}

async function chartsOfBoth(
  { margin, results, order }: Project,
  [before, after]: readonly [before: string, after: string],
  { options: { out, svg, paired }, io }: Asked,
): Promise<WrittenPictures> {
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
