import { join } from 'node:path';
import { Argument, InvalidArgumentError } from '@commander-js/extra-typings';
import { findingsOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { EXPORT_FORMATS, type Exporter, exporterOf } from '../harness/report/exports.ts';
import { gapsOf } from '../harness/report/gaps.ts';
import { summarise } from '../harness/report/summary.ts';
import { writeFileWhole } from '../harness/whole-file.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand } from './command.ts';
import { recordsOfRun } from './results.ts';

const define = () =>
  createCommand('export')
    .description('Prints a run as another tool reads it.')
    .addArgument(
      new Argument(
        '<format>',
        'bencher (Bencher Metric Format), benchstat (Go benchmark text), github-action-benchmark (its customBiggerIsBetter: ' +
          'speedups, or customSmallerIsBetter: times), hyperfine (its JSON), csv',
      ).argParser(format),
    )
    .argument('[directory]', 'where the records are (default: results/latest)')
    .option('--out <file>', 'write it to a file instead, whole or not at all');

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const [exporter, given] = command.processedArgs;
  const directory = given ?? join(project.results, 'latest');
  const { out } = command.opts();
  const records = recordsOfRun(directory);
  const catalog = await loadCatalog(project);
  const summary = summarise(records, findingsOf(catalog));
  const gaps = gapsOf(summary, records);
  if (summary.experiments.every(({ rows }) => rows.length === 0))
    throw new Error(`There is nothing to export in ${directory}: ${gaps[0]}`);
  for (const sentence of [...gaps, ...summary.warnings]) io.warn(`Warning: ${sentence}`);
  const text = exporter(summary, records);
  if (out === undefined) io.write(text);
  else writeFileWhole(out, text);
  return EXIT.done;
};

/** Parses the name of a tool. */
function format(text: string): Exporter {
  const exporter = exporterOf(text);
  if (exporter === undefined)
    throw new InvalidArgumentError(`It must be one of ${EXPORT_FORMATS.join(', ')}.`);
  return exporter;
}

if (import.meta.main) await runCommand(main);
