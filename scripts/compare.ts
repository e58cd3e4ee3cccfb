import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { type RunRecord, readRecords } from '../harness/record.ts';
import {
  compareRuns,
  comparisonMarkdown,
  comparisonText,
  hasRegression,
  Incomparable,
} from '../harness/report/comparison.ts';
import { EXIT, runCommand } from './command.ts';

const RESULTS = join(import.meta.dirname, '../results');
const MARGIN = 0.05;

const command = new Command('npm run compare --')
  .showSuggestionAfterError(false)
  .description(
    'Says whether the speedups of two runs differ. Exit codes: 0 no regression, 2 nothing to compare, 3 a regression.',
  )
  .argument('[baseline]', 'the results to compare with', join(RESULTS, 'baseline'))
  .argument('[current]', 'the results in question', join(RESULTS, 'latest'))
  .option('--margin <share>', `a change below this share is none (default: ${MARGIN})`, share, MARGIN)
  .option('--strict', 'refuse runs of another Node, processor or undici')
  .option('--markdown <file>', 'write the table as Markdown, too')
  .option('--json <file>', 'write the comparison as JSON, too');

await runCommand(async () => {
  command.parse();
  const { margin, strict = false, markdown, json } = command.opts();
  const [before, after] = command.processedArgs.map((directory) => resolve(directory)) as [string, string];
  try {
    const comparison = compareRuns(recordsIn(before), recordsIn(after), { margin, strict });
    console.log(comparisonText(comparison));
    const text = comparisonMarkdown(comparison);
    if (markdown !== undefined) write(markdown, text);
    if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, text);
    if (json !== undefined) write(json, `${JSON.stringify(comparison, null, 2)}\n`);
    return hasRegression(comparison) ? EXIT.regression : EXIT.done;
  } catch (error) {
    if (!(error instanceof Incomparable)) throw error;
    console.error(error.message);
    return EXIT.nothingToCompare;
  }
});

function recordsIn(directory: string): RunRecord[] {
  const records = existsSync(directory) ? readRecords(directory) : [];
  if (records.length === 0) throw new Incomparable(`There are no results in ${directory}.`);
  return records;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Error(`${file} cannot be written: ${(error as Error).message}.`);
  }
}

/** Parses a share such as 0.05. */
function share(text: string): number {
  const number = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || !(number > 0 && number < 1))
    throw new InvalidArgumentError('It must be a share above 0 and below 1, as 0.05 for 5 %.');
  return number;
}
