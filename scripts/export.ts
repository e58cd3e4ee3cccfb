import { join } from 'node:path';
import { Argument, Command } from '@commander-js/extra-typings';
import { findingsOf, loadCatalog } from '../harness/measure/catalog.ts';
import { EXPORTERS } from '../harness/report/exports.ts';
import { summarise } from '../harness/report/summary.ts';
import { EXIT, runCommand } from './command.ts';
import { RESULTS } from './directory.ts';
import { recordsOfRun } from './results.ts';

const command = new Command('npm run export --')
  .showSuggestionAfterError(false)
  .description(
    'Prints a run as another tool reads it: github-action-benchmark (bigger or smaller is better), Bencher Metric ' +
      'Format, Go benchmark text for benchstat, JSON as of hyperfine, CSV.',
  )
  .addArgument(new Argument('<format>', 'which tool').choices(Object.keys(EXPORTERS)))
  .argument('[directory]', 'where the records are', join(RESULTS, 'latest'));

await runCommand(async () => {
  command.parse();
  const [format, directory] = command.processedArgs;
  const records = recordsOfRun(directory);
  const catalog = await loadCatalog();
  process.stdout.write(EXPORTERS[format]!(summarise(records, findingsOf(catalog)), records));
  return EXIT.done;
});
