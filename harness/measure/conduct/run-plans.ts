import type { Progress } from '../../model/experiment.ts';
import type { Warning } from '../../model/row.ts';
import { writeRecord } from '../../record/record-files.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { CatalogEntry } from '../plan/catalog.ts';
import { estimateMs, type PlannedExperiment } from '../plan/plan.ts';
import { workloadOf } from '../plan/variants.ts';
import { conduct } from './conduct.ts';
import type { ConductEvent } from './events.ts';
import type { StageStarts } from './stage.ts';
import { type StopRule, stopRule } from './stop-rule.ts';

/** Options of a run: its progress listener and its stop rule. */
export interface RunOptions {
  /** Receives the progress to display; called between samples only. */
  progressed(progress: Progress): void;
  /** Receives what a person should know of the measured code, although every check passed. */
  noticed?(warning: Warning): void;
  /** Completes the record of an experiment that has ended in any way, for example with its findings. */
  completed?(record: RunRecord, entry: CatalogEntry): RunRecord;
  /** Whether an experiment's rounds so far are enough; if left out, all rounds run. */
  enough?(record: RunRecord): boolean;
  /** With `enough`: the time limit of the run in ms, shared evenly among the remaining experiments. */
  withinMs?: number;
  /** Starts the processes; tests replace it. */
  readonly starts?: StageStarts;
}

/**
 * Runs the planned experiments in sequence and saves each record after every round. An experiment that cannot begin or go
 * on is marked as errored, and the next one runs.
 *
 * @param directory the folder of all records, including those of the plans
 * @returns the reason of an interruption, or undefined
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
    const shown = showProgress(options.progressed, performance.now() + shareMs, laterMs);
    const stopped = await runPlan(plan, directory, { ...options, withinMs: shareMs }, shown, signal);
    if (signal.aborted) return stopped;
  }
  return undefined;
}

/** A listener for the events of a run. */
type Subscriber = (event: ConductEvent) => void;

/** Shows the progress, with the time left for the whole run. */
function showProgress(show: RunOptions['progressed'], endMs: number, laterMs: number): Subscriber {
  return (event) => {
    if (event.type !== 'sample started') return;
    const leftMs = Math.min(event.progress.leftMs, endMs - performance.now()) + laterMs;
    show({ ...event.progress, leftMs });
  };
}

/** Saves the record of an experiment after every round. */
function createKeeper(directory: string, begun: RunRecord, complete: (record: RunRecord) => RunRecord) {
  let kept = begun;
  const take: Subscriber = (event) => {
    if (event.type === 'sample started' || event.type === 'noticed') return;
    kept = event.record;
    writeRecord(directory, event.type === 'ended' ? complete(kept) : kept);
  };
  /** Saves the rounds measured so far, with the error that ended the run. */
  const endedBy = (status: RunRecord['status'], { message }: Error) =>
    writeRecord(directory, complete({ ...kept, status, reason: message }));
  return { take, endedBy };
}

async function runPlan(
  plan: PlannedExperiment,
  directory: string,
  options: RunOptions,
  show: Subscriber,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const record: RunRecord = { ...plan.record, status: 'running', reason: null };
  const keeper = createKeeper(directory, record, (ended) => options.completed?.(ended, plan.entry) ?? ended);
  const { starts } = options;
  try {
    const events = conduct({ ...plan, record }, { signal, starts, isEnough: ruleFor(plan, options) });
    for await (const event of events)
      if (event.type === 'noticed') options.noticed?.(event.warning);
      else for (const take of [keeper.take, show]) take(event);
    return undefined;
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    keeper.endedBy(signal.aborted && error === signal.reason ? 'interrupted' : 'errored', error);
    return error;
  }
}

/** Runs at least the profile's rounds, then continues until they are enough or the time is over. */
function ruleFor(
  { entry, record }: PlannedExperiment,
  { enough, withinMs = Number.POSITIVE_INFINITY }: RunOptions,
): StopRule<RunRecord> | undefined {
  const leastRounds = workloadOf(entry, record.profile).rounds;
  return enough && stopRule({ leastRounds, isAnswered: enough, withinMs });
}
