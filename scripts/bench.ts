import { randomInt } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { type CatalogEntry, loadCatalog } from '../harness/measure/catalog.ts';
import { conduct, createRecord, estimateMs } from '../harness/measure/conduct.ts';
import { describeEnvironment } from '../harness/measure/environment.ts';
import { type RunRecord, readRecords, removeRecords, writeRecord } from '../harness/record.ts';
import { createProgressDisplay } from '../harness/report/progress.ts';
import { removeReport, writeReport } from '../harness/report/report.ts';
import { terminalTable } from '../harness/report/table.ts';
import { EXIT, Interrupted, runCommand, wholeNumber } from './command.ts';
import { pathForPeople } from './path.ts';

const DEFAULT_OUT = join(import.meta.dirname, '../results/latest');

const command = new Command('npm run bench --')
  .description('Measures experiments against a local server, and writes records, tables and charts.')
  .argument('[experiments...]', 'which experiments to run; all of them where none is named')
  .addOption(
    new Option('--profile <name>', 'the size of the work')
      .choices(['smoke', 'quick', 'book'])
      .default('quick'),
  )
  .option(
    '--rounds <n>',
    'measured rounds, at least 6 for intervals (default: as the profile says)',
    wholeNumber(1, 1000),
  )
  .option(
    '--seed <n>',
    'fixes the order within rounds (default: drawn, and kept in the record)',
    wholeNumber(0, 2 ** 32 - 1),
  )
  .option('--out <dir>', 'where results go, in place of an earlier run there (default: results/latest)')
  .option('--resume', 'go on with the run in the results directory that was interrupted')
  .option('--list', 'name the experiments and what each asks, and measure nothing');

await runCommand(async (signal) => {
  const { args: names, ...parsed } = parse();
  const catalog = await loadCatalog();
  if (parsed.list) return list(catalog);
  const chosen = choose(catalog, names);
  const out = parsed.out === undefined ? DEFAULT_OUT : resolve(parsed.out);
  const earlier = parsed.resume ? readRecords(out) : [];
  const environment = await describeEnvironment();
  const seed = parsed.seed ?? earlier[0]?.seed ?? randomInt(2 ** 32);
  const plans = chosen.map((entry) => {
    const fresh = createRecord({ entry, profile: parsed.profile, rounds: parsed.rounds, seed, environment });
    const record = earlier.find((old) => old.experiment.id === entry.id);
    if (record !== undefined) refuseMismatch(record, fresh);
    return { entry, record: record ?? fresh };
  });
  openDirectory(out);
  if (!parsed.resume) {
    removeReport(out);
    removeRecords(out);
  }
  for (const warning of environment.warnings) console.error(`Warning: ${warning}`);

  const display = createProgressDisplay();
  let stopped: Error | undefined;
  for (const [index, { entry, record }] of plans.entries()) {
    if (record.status === 'ok') continue;
    const laterMs = plans
      .slice(index + 1)
      .reduce((sum, plan) => sum + estimateMs(plan.entry, parsed.profile, parsed.rounds), 0);
    stopped = await measure(entry, record, out, laterMs, display, signal);
    if (stopped !== undefined) break;
  }
  display.stop();

  const records = readRecords(out);
  const { summary, pictures } = writeReport(
    out,
    records,
    (id) => catalog.find((entry) => entry.id === id)?.experiment.finding,
  );
  const measured = summary.experiments.filter(({ id }) => chosen.some((entry) => entry.id === id));
  console.log(measured.map(terminalTable).join('\n'));
  for (const warning of summary.warnings) console.log(warning);
  console.log(`Records, tables and ${pictures.length} charts are in ${pathForPeople(out)}.`);
  if (stopped instanceof Interrupted) {
    console.error('Interrupted; the finished rounds are kept, and --resume goes on with them.');
    return EXIT.interrupted;
  }
  if (stopped !== undefined) console.error(`Error: ${stopped.message}`);
  return stopped === undefined && records.every(({ status }) => status === 'ok') ? EXIT.done : EXIT.error;
});

function parse() {
  command.parse();
  return { args: command.args, ...command.opts() };
}

function list(catalog: readonly CatalogEntry[]): number {
  for (const { id, experiment } of catalog) console.log(`${id}: ${experiment.question}`);
  return EXIT.done;
}

function choose(catalog: readonly CatalogEntry[], names: readonly string[]): CatalogEntry[] {
  const unknown = names.find((name) => !catalog.some((entry) => entry.id === name));
  if (unknown !== undefined)
    throw new Error(
      `There is no experiment "${unknown}"; there is ${catalog.map(({ id }) => id).join(', ')}.`,
    );
  return names.length === 0 ? [...catalog] : catalog.filter((entry) => names.includes(entry.id));
}

/** Rounds of two different workloads or machines do not belong in one record. */
function refuseMismatch(record: RunRecord, fresh: RunRecord): void {
  const kept = ['profile', 'parameters', 'rounds', 'variants', 'seed'] as const;
  const { node, undici, cpu } = record.environment;
  const differs = [
    ...kept.filter((field) => JSON.stringify(record[field]) !== JSON.stringify(fresh[field])),
    ...(node !== fresh.environment.node ? ['Node version'] : []),
    ...(undici.installed !== fresh.environment.undici.installed ? ['undici version'] : []),
    ...(cpu.model !== fresh.environment.cpu.model ? ['CPU'] : []),
  ];
  if (differs.length === 0) return;
  throw new Error(
    `${record.experiment.id} cannot be resumed: the earlier run has another ${differs.join(', ')}; ` +
      'give the same options, or start again without --resume.',
  );
}

function openDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new Error(`--out ${directory} cannot be written: ${(error as Error).message}.`);
  }
}

/** Runs one experiment and keeps its record after every round; returns what ended it early, if anything did. */
async function measure(
  entry: CatalogEntry,
  begun: RunRecord,
  out: string,
  laterMs: number,
  display: ReturnType<typeof createProgressDisplay>,
  signal: AbortSignal,
): Promise<Error | undefined> {
  let kept: RunRecord = { ...begun, status: 'running', reason: null };
  const keep = (record: RunRecord) => {
    kept = record;
    writeRecord(out, record);
  };
  try {
    const observer = {
      progressed: (progress: Parameters<typeof display.show>[0]) =>
        display.show({ ...progress, leftMs: progress.leftMs + laterMs }),
      roundFinished: keep,
    };
    keep(await conduct(entry, kept, observer, signal));
    return undefined;
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const status = error instanceof Interrupted ? 'interrupted' : 'errored';
    keep({ ...kept, status, reason: error.message });
    return error;
  }
}
