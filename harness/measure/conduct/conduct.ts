import type { RunRecord } from '../../record/schema.ts';
import { createEstimates } from '../plan/estimates.ts';
import { type PlannedExperiment, plannedVariants } from '../plan/plan.ts';
import { entriesLeft } from '../plan/round-entries.ts';
import { type Conducting, conductRound } from './conduct-round.ts';
import type { ConductEvent } from './events.ts';
import {
  endedAfter,
  finished,
  lacksTraces,
  missingRounds,
  withFailedCheck,
  withRound,
} from './record-steps.ts';
import { type FoundTargets, NotStarted, type StageStarts, startStage } from './stage.ts';
import type { StopRule } from './stop-rule.ts';

/** Options of a run that are not part of its plan. */
export interface ConductOptions {
  /** Ends the run between two messages of the measured process. */
  readonly signal: AbortSignal;
  /** Called after each measured round; if left out, all rounds of the record run. */
  readonly isEnough?: StopRule<RunRecord> | undefined;
  /** Starts the processes; tests replace it. */
  readonly starts?: StageStarts | undefined;
}

/**
 * Runs the missing rounds of a record on new targets and in a new measured process, and yields events. All processes
 * have ended when it returns, when it throws, and when the caller stops iterating.
 *
 * @param plan with a new record, or one that was interrupted; it is not changed
 * @returns events, each between two samples
 * @throws NotStarted if it could not begin; ChildDied if a process ended too early; Error if a job failed or a sample
 *   hung; the abort reason of `signal`. Earlier events hold everything that was measured before.
 */
export async function* conduct(
  plan: PlannedExperiment,
  options: ConductOptions,
): AsyncGenerator<ConductEvent, void> {
  const startMs = performance.now();
  const { entry, record: begun } = plan;
  const stage = await startStage(plan, options.signal, options.starts);
  let record: RunRecord;
  try {
    const variants = plannedVariants(plan);
    const estimates = createEstimates(entry.id, variants);
    for (const sample of begun.samples) estimates.learn(sample);
    refuseOtherTarget(begun, stage.found);
    const isEnough = (measured: RunRecord, rounds: number) =>
      options.isEnough?.({ measured, rounds, elapsedMs: performance.now() - startMs }) === true;
    const conducting = { variants, stage, estimates };
    record = yield* conductRounds(conducting, { ...begun, ...stage.found }, { ...options, isEnough });
  } finally {
    await stage.end();
  }
  yield { type: 'ended', record };
}

/** Waiting on another database is different work. @throws NotStarted */
function refuseOtherTarget(begun: RunRecord, found: FoundTargets): void {
  const nameIn = ({ targetVersions = {}, givenTargets = [] }: FoundTargets, target: string) =>
    `${targetVersions[target] ?? 'none'}${givenTargets.includes(target) ? ' of DATABASE_URL' : ''}`;
  const targets = Object.keys(begun.targetVersions ?? {});
  const other = targets.find((target) => nameIn(begun, target) !== nameIn(found, target));
  if (other === undefined || begun.samples.length === 0) return;
  throw new NotStarted(
    `${begun.experiment.id} cannot be resumed, because it waited on ${nameIn(begun, other)} and this is ${nameIn(found, other)}.`,
  );
}

/** Runs the rounds in sequence; returns the final record. */
async function* conductRounds(
  conducting: Conducting,
  begun: RunRecord,
  when: { readonly signal: AbortSignal; isEnough(record: RunRecord, rounds: number): boolean },
): AsyncGenerator<ConductEvent, RunRecord> {
  const { variants, estimates } = conducting;
  const rounds = missingRounds(begun);
  let record = begun;
  for (const [index, { warmUp, round }] of rounds.entries()) {
    when.signal.throwIfAborted();
    const later = rounds.slice(index + 1).flatMap((other) => entriesLeft(variants, record, other));
    const toRun = { warmUp, round, traced: !warmUp && lacksTraces(record), laterMs: estimates.sumMs(later) };
    const measured = yield* conductRound(conducting, record, toRun);
    record = withRound(record, measured);
    const failed = withFailedCheck(record, measured.samples, { warmUp, round });
    if (failed !== undefined) return failed;
    yield { type: 'round finished', warmUp, round, record };
    if (!warmUp && when.isEnough(record, round)) return finished(endedAfter(record, round));
  }
  return finished(record);
}
