import { join } from 'node:path';
import { Argument, Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { findingsOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { EXPORT_FORMATS, type Exporter, exporterOf } from '../harness/report/exports.ts';
import { gapsOf } from '../harness/report/gaps.ts';
import { summarise } from '../harness/report/summary.ts';
import { writeFileWhole } from '../harness/whole-file.ts';
import { EXIT, runCommand } from './command.ts';
import { RESULTS } from './directory.ts';
import { recordsOfRun } from './results.ts';

const command = new Command('npm run -s export --')
  .showSuggestionAfterError(false)
  .description('Prints a run as another tool reads it.')
  .addArgument(
    new Argument(
      '<format>',
      'bencher (Bencher Metric Format), benchstat (Go benchmark text), github-action-benchmark (its customBiggerIsBetter: ' +
        'speedups, or customSmallerIsBetter: times), hyperfine (its JSON), csv',
    ).argParser(format),
  )
  .argument('[directory]', 'where the records are', join(RESULTS, 'latest'))
  .option('--out <file>', 'write it to a file instead, whole or not at all');

await runCommand(async () => {
  command.parse();
  const [exporter, directory] = command.processedArgs;
  const { out } = command.opts();
  const records = recordsOfRun(directory);
  const catalog = await loadCatalog();
  const summary = summarise(records, findingsOf(catalog));
  const gaps = gapsOf(summary, records);
  if (summary.experiments.every(({ rows }) => rows.length === 0))
    throw new Error(`There is nothing to export in ${directory}: ${gaps[0]}`);
  for (const sentence of [...gaps, ...summary.warnings]) console.error(`Warning: ${sentence}`);
  const text = exporter(summary, records);
  if (out === undefined) process.stdout.write(text);
  else writeFileWhole(out, text);
  return EXIT.done;
});

/** Parses the name of a tool. */
function format(text: string): Exporter {
  const exporter = exporterOf(text);
  if (exporter === undefined)
    throw new InvalidArgumentError(`It must be one of ${EXPORT_FORMATS.join(', ')}.`);
  return exporter;
}
