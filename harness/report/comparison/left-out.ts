/** What of two runs is not compared, because one of them lacks it. */

import { finishedRounds, type RunStatus, statusOf } from '../../findings/finished.ts';
import type { RunRecord } from '../../record/schema.ts';
import { joinNames } from '../text.ts';
import { type MeasuredRow, measuredRows, nameOf } from './compared-rows.ts';

/** An experiment that a run did not end well, or did not begin. */
export interface Unfinished {
  readonly experiment: string;
  readonly status: Exclude<RunStatus['status'], 'ok'>;
  /** One sentence. */
  readonly reason: string;
}

/** What one of two runs lacks. */
export interface Lacking {
  /** Experiments that it has no record of, and the other run has rows of. */
  readonly notRun: readonly string[];
  readonly unfinished: readonly Unfinished[];
  /** Rows of experiments that both have rows of, as `crawl, semaphore@10`. */
  readonly rows: readonly string[];
}

/** What a run lacks that another has. */
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

/** Why an experiment is not whole: each row that went wrong has a reason of its own. */
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

/** What either of two runs lacks. */
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
