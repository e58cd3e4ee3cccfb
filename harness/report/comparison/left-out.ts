/** The rows of two runs that are not compared because one run lacks them. */

import { finishedRounds, type RunStatus, statusOf } from '../../findings/finished.ts';
import type { RunRecord } from '../../record/schema.ts';
import { joinNames } from '../text.ts';
import { type MeasuredRow, measuredRows, nameOf } from './compared-rows.ts';

/** An experiment that errored or was skipped. */
export interface Unfinished {
  readonly experiment: string;
  readonly status: Exclude<RunStatus['status'], 'ok'>;
  /** One sentence. */
  readonly reason: string;
}

/** The missing experiments and rows of one of two runs. */
export interface Lacking {
  /** Experiments with rows in the other run, but without a record in this one. */
  readonly notRun: readonly string[];
  readonly unfinished: readonly Unfinished[];
  /** Missing rows of experiments that have rows in both runs, as `crawl, semaphore@10`. */
  readonly rows: readonly string[];
}

/** The experiments and rows that a run lacks and another has. */
export function lackingIn(run: readonly RunRecord[], other: readonly RunRecord[]): Lacking {
  const rows = run.flatMap(measuredRows);
  const otherRows = other.flatMap(measuredRows);
  const experimentsOf = (these: readonly { experiment: string }[]) =>
    new Set(these.map(({ experiment }) => experiment));
  const recorded = new Set(run.map(({ experiment }) => experiment.id));
  const measured = experimentsOf(rows);
  return {
    notRun: [...experimentsOf(otherRows)].filter((experiment) => !recorded.has(experiment)),
    unfinished: run.flatMap(unfinishedOf),
    rows: missingFrom(
      rows,
      otherRows.filter(({ experiment }) => measured.has(experiment)),
    ),
  };
}

/** The names of rows that a run lacks. */
export function missingFrom(rows: readonly MeasuredRow[], others: readonly MeasuredRow[]): string[] {
  const names = new Set(rows.map(nameOf));
  return others.map(nameOf).filter((name) => !names.has(name));
}

/** The reasons why an experiment is incomplete; each failed row has its own reason. */
function unfinishedOf(record: RunRecord): Unfinished[] {
  const { status, reason } = statusOf(record, finishedRounds(record).length);
  if (status === 'ok') return [];
  const experiment = record.experiment.id;
  const lost = record.variants.flatMap(({ id, group, error }) =>
    error === undefined
      ? []
      : [{ error, reason: `${joinNames([group, id], ', ')}: ${error.replace(/\.$/, '')}.` }],
  );
  const told = lost.some(({ error }) => reason!.includes(error));
  const reasons = [...lost.map((row) => row.reason), ...(told ? [] : [reason!])];
  return reasons.map((each) => ({ experiment, status, reason: each }));
}

/** The missing experiments and rows of both runs. */
export interface LackingSides {
  readonly before: Lacking;
  readonly after: Lacking;
}

/** As in `crawl errored now: …`, one for each reason. */
export function unfinishedLines({ before, after }: LackingSides): string[] {
  const lines = ({ unfinished }: Lacking, when: string) =>
    unfinished.map(
      ({ experiment, status, reason }) =>
        `${experiment} ${status === 'skipped' ? 'was skipped' : 'errored'} ${when}: ${reason}`,
    );
  return [...lines(after, 'now'), ...lines(before, 'before')];
}
