/**
 * Says how often each row of the quick profile should run within a round. It runs every experiment with many repeats of all
 * rows, takes the spread within and between rounds from them, and prints the repeats that narrow the headline rows' intervals
 * enough at the least cost. Keep the machine idle meanwhile. `npm run measure-allocation`; it takes about ten minutes, keeps
 * each experiment as it ends, and goes on where it was interrupted.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { markdownTable } from 'markdown-table';
import { conduct } from '../../harness/measure/conduct/conduct.ts';
import { lastRecord } from '../../harness/measure/conduct/events.ts';
import { type CatalogEntry, choose, loadCatalog } from '../../harness/measure/plan/catalog.ts';
import { planRun } from '../../harness/measure/plan/plan.ts';
import { nameOf } from '../../harness/measure/plan/round-entries.ts';
import { variantsOf, workloadOf } from '../../harness/measure/plan/variants.ts';
import { describeEnvironment } from '../../harness/measure/process/environment.ts';
import { findTargetKinds } from '../../harness/measure/process/target-kinds.ts';
import { openProject } from '../../harness/project.ts';
import { readRecords, writeRecord } from '../../harness/record/record-files.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import { watchOutput } from '../../scripts/output.ts';
import { allocate } from './allocation.ts';
import { costsOf } from './row-costs.ts';
import { spreadFor } from './spread-for.ts';

const PROFILE = 'quick';
const SEED = 1;
/** Rows that take longer than this run once a round: their spread is small beside that of short ones. */
const LONG_MS = 500;
const ROUNDS = 5;
const REPEATS = 6;
/** The half-width that nine of ten runs should reach. */
const HALF_WIDTH = 0.03;

const command = new Command('npm run measure-allocation --')
  .description('Says how often each row of the quick profile should run within a round.')
  .argument('[experiments...]', 'experiments; all of them by default')
  .option('--rounds <n...>', 'numbers of rounds to plan for', ['6', '8', '10'])
  .option('--out <dir>', 'the folder of its records', 'results/latest/allocation')
  .parse();
const { out, rounds } = command.opts();

watchOutput();
const project = await openProject(join(import.meta.dirname, '../..'));
const catalog = choose(await loadCatalog(project), command.args);
const kinds = findTargetKinds(project.targets);
const environment = await describeEnvironment(project);
mkdirSync(out, { recursive: true });
const kept = new Map(readRecords(out).map((record) => [record.experiment.id, record]));

/** The experiment with many repeats of its short rows. */
function withRepeats(entry: CatalogEntry): CatalogEntry {
  const workload = workloadOf(entry, PROFILE);
  const short = variantsOf(entry, PROFILE).filter(({ estimateMs }) => estimateMs < LONG_MS);
  const repeats = Object.fromEntries(short.map((variant) => [nameOf(variant), REPEATS]));
  const profiles = { ...entry.experiment.profiles, [PROFILE]: { ...workload, repeats } };
  return { ...entry, experiment: { ...entry.experiment, profiles } };
}

async function measure(entry: CatalogEntry): Promise<RunRecord> {
  const request = { names: [], profile: PROFILE, rounds: ROUNDS, seed: SEED } as const;
  const [plan] = await planRun({ catalog: [withRepeats(entry)], kinds, request, environment });
  const record = await lastRecord(conduct(plan!, { signal: new AbortController().signal }));
  if (record.status !== 'ok') throw new Error(record.reason ?? `A run of ${entry.id} failed.`);
  return record;
}

for (const entry of catalog) {
  if (kept.get(entry.id)?.status === 'ok') continue;
  console.error(`Measuring ${entry.id}.`);
  const record = await measure(entry);
  writeRecord(out, record);
  kept.set(entry.id, record);
}

const lines = catalog.flatMap((entry) => {
  const { wanted } = costsOf(kept.get(entry.id)!);
  const names = new Set(wanted.flatMap(({ row, baseline }) => [baseline, row]));
  const plans = rounds.map((number) => allocate(wanted, spreadFor(Number(number), HALF_WIDTH)));
  return [...names].map(({ name, costMs, withinRound, betweenRounds }) => [
    entry.id,
    name,
    costMs.toFixed(0),
    (100 * withinRound).toFixed(1),
    (100 * betweenRounds).toFixed(1),
    ...plans.map((repeats) => `${repeats.get(name)}`),
  ]);
});
const heads = ['experiment', 'row', 'ms', 'within a round, %', 'between rounds, %'];
console.log(markdownTable([[...heads, ...rounds.map((number) => `repeats in ${number} rounds`)], ...lines]));
