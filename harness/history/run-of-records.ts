/** Makes the run of a history from the records of one run. */
import { createHash } from 'node:crypto';
import { controlOf, distrustOf } from '../findings/control.ts';
import { baselineOf } from '../findings/finished.ts';
import { rowsOfRecord } from '../findings/rows.ts';
import type { Estimate, Row } from '../model/row.ts';
import { environmentDifferences } from '../record/one-run.ts';
import type { RunRecord } from '../record/schema.ts';
import { HISTORY_VERSION, type HistoryRow, type HistoryRun } from './run-schema.ts';

/** When a commit was made and a run was measured, as in `2026-11-25T16:00:00Z`. */
export interface Dates {
  readonly committedAt: string;
  readonly measuredAt: string;
}

/**
 * The run of a history: our own rows that do the same work as their baselines.
 *
 * @param records those of one run
 * @throws one sentence if they are of several commits or machines, of none, or without a row
 */
export function runOfRecords(records: readonly RunRecord[], { committedAt, measuredAt }: Dates): HistoryRun {
  const [first] = records;
  if (first === undefined) throw new Error('A run of a history needs a record.');
  const { environment, profile } = first;
  for (const record of records) {
    const [difference] = environmentDifferences(environment, record.environment);
    if (difference !== undefined)
      throw new Error(
        `${first.experiment.id} and ${record.experiment.id} are not of one run: they differ in ${difference}.`,
      );
    if (record.profile !== profile)
      throw new Error(
        `${first.experiment.id} ran in profile ${profile}, ${record.experiment.id} in ${record.profile}.`,
      );
  }
  const { git, cpu, os, node } = environment;
  if (git === null) throw new Error('This run has no commit, so it has no place in a history.');
  const rows = records.flatMap(rowsIn);
  if (rows.length === 0)
    throw new Error('This run has no finished row, so a history can take nothing from it.');
  return {
    historyVersion: HISTORY_VERSION,
    id: hashOf(
      records.map(({ experiment, seed, samples }) => [experiment.id, seed, samples.map((one) => one.wallMs)]),
    ),
    commit: { id: git.commit, date: committedAt, dirty: git.dirty },
    measuredAt,
    machine: { processor: cpu.model.trim(), cores: cpu.count, system: `${os.platform} ${os.arch}` },
    node,
    profile,
    trusted: distrustOf(controlOf(records)) === null,
    rows,
  };
}

function rowsIn(record: RunRecord): HistoryRow[] {
  const rows = rowsOfRecord(record);
  return rows.flatMap((row) => {
    const baseline = rows.find((other) => other.baseline && other.group === row.group);
    if (row.peer !== null || !row.sameWork || baseline === undefined) return [];
    return [
      {
        experiment: record.experiment.id,
        group: row.group,
        variant: row.variant,
        baseline: row.baseline,
        headline: row.headline,
        work: workOf(record, row),
        rounds: row.rounds,
        speedup: rounded(row.speedup),
        efficiency: row.efficiency > 0 ? figure(row.efficiency) : null,
        timeMs: rounded(row.time),
        baselineTimeMs: rounded(baseline.time),
      },
    ];
  });
}

/** The hash of the work behind a speedup: what `compare` refuses to compare if it differs. */
function workOf(record: RunRecord, row: Row): string {
  const index = record.variants.findIndex(({ id, group }) => id === row.variant && group === row.group);
  const sideOf = (position: number) => {
    const { id, jobs, limit, repeats = 1, parameters } = record.variants[position]!;
    return [id, jobs, limit, repeats, inOrder(parameters)];
  };
  const { profile, parameters, targets, remote, givenTargets = [] } = record;
  const target = [
    remote === undefined ? null : [remote.origin, inOrder(remote.settings ?? {})],
    givenTargets,
  ];
  const settings = Object.entries(inOrder(targets)).map(([name, options]) => [name, inOrder(options)]);
  return hashOf([
    profile,
    inOrder(parameters),
    settings,
    target,
    sideOf(index),
    sideOf(baselineOf(record, index)),
  ]);
}

/** An object with its keys in order, so that their order does not change its hash. */
function inOrder<Value>(object: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/** Six digits are finer than any interval, and halve the file. */
function figure(value: number): number {
  return Number(value.toPrecision(6));
}

function rounded({ value, low, high }: Estimate): Estimate {
  const end = (one: number | null) => (one === null ? null : figure(one));
  return { value: figure(value), low: end(low), high: end(high) };
}
