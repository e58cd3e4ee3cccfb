import type { Progress } from '../../model/experiment.ts';
import { writeRecord } from '../../record/record-files.ts';
import type { RunRecord } from '../../record/schema.ts';
import { type CatalogEntry, workloadOf } from '../plan/catalog.ts';
import { estimateMs, type PlannedExperiment } from '../plan/plan.ts';
import { conduct } from './conduct.ts';
import type { ConductEvent } from './events.ts';
import { NotStarted, type StageStarts } from './stage.ts';
import { type StopRule, stopRule } from './stop-rule.ts';

/** When a run may end before all its rounds, and who is told how far it is. */
export interface RunOptions {
  /** Takes what a person may be shown; called between samples only. */
  progressed(progress: Progress): void;
  /** Gives a record what it has once its experiment ended, however it ended; it stays as it is where this is left out. */
  completed?(record: RunRecord, entry: CatalogEntry): RunRecord;
  /** Whether an experiment's rounds so far answer it; all of them are needed where this is left out. */
  enough?(record: RunRecord): boolean;
  /** With `enough`: how long the run may take to get there, in ms; shared evenly among the experiments to come. */
  withinMs?: number;
  /** What starts the processes; ours where left out. */
  readonly starts?: StageStarts;
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
    const shown = showProgress(options.progressed, performance.now() + shareMs, laterMs);
    const stopped = await runPlan(plan, directory, { ...options, withinMs: shareMs }, shown, signal);
    if (stopped !== undefined && !(stopped instanceof NotStarted)) return stopped;
  }
  return undefined;
}

/** One that takes what happens. */
type Subscriber = (event: ConductEvent) => void;

/** Shows how far it is, with the time that the run as a whole has left. */
function showProgress(show: RunOptions['progressed'], endMs: number, laterMs: number): Subscriber {
  return (event) => {
    if (event.type !== 'sample started') return;
    const leftMs = Math.min(event.progress.leftMs, endMs - performance.now()) + laterMs;
    show({ ...event.progress, leftMs });
  };
}

/** Keeps the record of an experiment after every round. */
function createKeeper(directory: string, begun: RunRecord, complete: (record: RunRecord) => RunRecord) {
  let kept = begun;
  const take: Subscriber = (event) => {
    if (event.type === 'sample started') return;
    kept = event.record;
    writeRecord(directory, event.type === 'ended' ? complete(kept) : kept);
  };
  /** Keeps what was measured by then, with what it ended by. */
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
    for await (const event of events) for (const take of [keeper.take, show]) take(event);
    return undefined;
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    keeper.endedBy(signal.aborted && error === signal.reason ? 'interrupted' : 'errored', error);
    return error;
  }
}

/** The profile's rounds at least, and then until they are enough or the time is over. */
function ruleFor(
  { entry, record }: PlannedExperiment,
  { enough, withinMs = Number.POSITIVE_INFINITY }: RunOptions,
): StopRule<RunRecord> | undefined {
  const leastRounds = workloadOf(entry, record.profile).rounds;
  return enough && stopRule({ leastRounds, isAnswered: enough, withinMs });
}
