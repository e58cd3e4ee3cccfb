import { join } from 'node:path';
import { Argument, InvalidArgumentError } from '@commander-js/extra-typings';
import { warningText } from '../harness/findings/warnings.ts';
import { experimentOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import {
  type Exporter,
  type ExportFormat,
  exporterOf,
  findExportFormats,
  formatHelp,
  formatNames,
} from '../harness/report/export-formats.ts';
import { gapsOf } from '../harness/report/gaps.ts';
import { summarise } from '../harness/report/summary.ts';
import { writeFileWhole } from '../harness/whole-file.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand, warnOfBroken } from './command.ts';
import { recordsOfRun } from './results.ts';

const define = (formats: readonly ExportFormat[]) =>
  createCommand('export')
    .description('Prints a run in the format of another tool.')
    .addArgument(
      new Argument('<format>', formatHelp(formats)).argParser((name) => exporterNamed(name, formats)),
    )
    .argument('[directory]', 'the directory of the records (default: results/latest)')
    .option('--out <file>', 'write to a file instead, atomically');

export const main: Main = async (argv, io) => {
  const command = define(await findExportFormats());
  const project = await readCommandLine(command, argv, io);
  const [exporter, given] = command.processedArgs;
  const directory = given ?? join(project.results, 'latest');
  const { out } = command.opts();
  const records = recordsOfRun(directory, project.order);
  const catalog = await loadCatalog(project, { broken: warnOfBroken(io) });
  const summary = summarise(records, experimentOf(catalog));
  const gaps = gapsOf(summary, records);
  if (summary.experiments.every(({ rows }) => rows.length === 0))
    throw new Error(`There is nothing to export in ${directory}: ${gaps[0]}`);
  for (const sentence of [...gaps, ...summary.warnings.map(warningText)]) io.warn(`Warning: ${sentence}`);
  const text = exporter(summary, records);
  if (out === undefined) io.write(text);
  else writeFileWhole(out, text);
  return EXIT.done;
};

/** Parses the name of a format. */
function exporterNamed(name: string, formats: readonly ExportFormat[]): Exporter {
  const exporter = exporterOf(formats, name);
  if (exporter === undefined)
    throw new InvalidArgumentError(`It must be one of ${formatNames(formats).join(', ')}.`);
  return exporter;
}

if (import.meta.main) await runCommand(main);
