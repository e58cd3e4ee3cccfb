import type { Progress } from '../../model/experiment.ts';
import { writeRecord } from '../../record/record-files.ts';
import type { RunRecord } from '../../record/schema.ts';
import { workloadOf } from '../plan/catalog.ts';
import { estimateMs, type PlannedExperiment } from '../plan/plan.ts';
import { conduct } from './conduct.ts';
import { NotStarted } from './stage.ts';

/** When a run may end before all its rounds, and who is told how far it is. */
export interface RunOptions {
  /** Takes what a person may be shown; called between samples only. */
  progressed(progress: Progress): void;
  /** Whether an experiment's rounds so far are enough; all of them are needed where this is left out. */
  enough?(record: RunRecord): boolean;
  /** With `enough`: how long the run may take to get there, in ms; shared evenly among the experiments to come. */
  withinMs?: number;
}

/**
 * Runs what is planned, one experiment after the other, and keeps each record after every round. An experiment that
 * cannot begin is errored, and the next one runs.
 *
 * @param directory where the records are, those of the plans among them
 * @returns what ended the run early, or undefined
 */
export async function runPlans(
  plans: readonly PlannedExperiment[],
  directory: string,
  options: RunOptions,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const unfinished = plans.filter(({ record }) => record.status !== 'ok' && record.status !== 'skipped');
  const endMs = performance.now() + (options.withinMs ?? Number.POSITIVE_INFINITY);
  for (const [index, plan] of unfinished.entries()) {
    const later = unfinished.slice(index + 1);
    const shareMs = (endMs - performance.now()) / (later.length + 1);
    const laterMs = later.reduce((sum, other) => sum + Math.min(estimateMs(other), shareMs), 0);
    const stopped = await runPlan(plan, directory, { ...options, withinMs: shareMs }, laterMs, signal);
    if (stopped !== undefined && !(stopped instanceof NotStarted)) return stopped;
  }
  return undefined;
}

async function runPlan(
  plan: PlannedExperiment,
  directory: string,
  { progressed, enough, withinMs = Number.POSITIVE_INFINITY }: RunOptions,
  laterMs: number,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const endMs = performance.now() + withinMs;
  const leastRounds = workloadOf(plan.entry, plan.record.profile).rounds;
  let kept: RunRecord = { ...plan.record, status: 'running', reason: null };
  const observer = {
    progressed: (progress: Progress) =>
      progressed({ ...progress, leftMs: Math.min(progress.leftMs, endMs - performance.now()) + laterMs }),
    roundFinished(finished: RunRecord) {
      kept = finished;
      writeRecord(directory, kept);
    },
    enough: (record: RunRecord, round: number) =>
      enough !== undefined && round >= leastRounds && (enough(record) || performance.now() >= endMs),
  };
  try {
    writeRecord(directory, await conduct({ ...plan, record: kept }, observer, signal));
    return undefined;
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const status = signal.aborted && error === signal.reason ? 'interrupted' : 'errored';
    writeRecord(directory, { ...kept, status, reason: error.message });
    return error;
  }
}
