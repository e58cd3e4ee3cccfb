import type { RunRecord } from '../../record/schema.ts';
import { createEstimates } from '../plan/estimates.ts';
import { type PlannedExperiment, plannedVariants } from '../plan/plan.ts';
import { entriesLeft } from '../plan/round-entries.ts';
import { type Conducting, conductRound, RowBroke } from './conduct-round.ts';
import type { ConductEvent } from './events.ts';
import { createNotices, type Notices } from './notices.ts';
import {
  endedAfter,
  finished,
  lacksTraces,
  type MeasuredRound,
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
 * Runs the missing rounds of a record on new targets and in a new measured process, and yields events. A row that ends its
 * process has an error, and the others go on in another process. All processes have ended when it returns, when it throws,
 * and when the caller stops iterating.
 *
 * @param plan with a new record, or one that was interrupted; it is not changed
 * @returns events, each between two samples
 * @throws NotStarted if it could not begin; ChildDied if a target ended too early; Error if a round could not go on; the
 *   abort reason of `signal`. Earlier events hold everything that was measured before.
 */
export async function* conduct(
  plan: PlannedExperiment,
  options: ConductOptions,
): AsyncGenerator<ConductEvent, void> {
  const startMs = performance.now();
  const { entry, record: begun } = plan;
  const variants = plannedVariants(plan);
  const estimates = createEstimates(entry.id, variants);
  for (const sample of begun.samples) estimates.learn(sample);
  const isEnough = (measured: RunRecord, rounds: number) =>
    options.isEnough?.({ measured, rounds, elapsedMs: performance.now() - startMs }) === true;
  const notices = createNotices(entry.file);
  let progress: Progressed = { record: begun, isOver: false };
  while (!progress.isOver) {
    const stage = await startStage(plan, options.signal, options.starts);
    try {
      const { record } = progress;
      refuseOtherTarget(record, stage.found);
      const conducting = { variants, stage, estimates, notices };
      progress = yield* conductRounds(
        conducting,
        { ...record, ...stage.found },
        { signal: options.signal, isEnough },
      );
      // The last words of a process that broke are in its row.
      if (progress.isOver) notices.printed(stage.printed());
    } finally {
      await stage.end();
    }
  }
  for (const warning of notices.all()) yield { type: 'noticed', warning };
  yield { type: 'ended', record: progress.record };
}

/** A record so far. It is not over if a row ended the measured process, and other rows are left. */
interface Progressed {
  readonly record: RunRecord;
  readonly isOver: boolean;
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

/** Runs the rounds in sequence, to the last one or until a row ends the measured process. */
async function* conductRounds(
  conducting: Conducting & { readonly notices: Notices },
  begun: RunRecord,
  when: { readonly signal: AbortSignal; isEnough(record: RunRecord, rounds: number): boolean },
): AsyncGenerator<ConductEvent, Progressed> {
  const { variants, estimates } = conducting;
  const rounds = missingRounds(begun);
  let record = begun;
  for (const [index, { warmUp, round }] of rounds.entries()) {
    when.signal.throwIfAborted();
    const later = rounds.slice(index + 1).flatMap((other) => entriesLeft(variants, record, other));
    const toRun = { warmUp, round, traced: !warmUp && lacksTraces(record), laterMs: estimates.sumMs(later) };
    const measured = yield* roundOrBreak(conducting, record, toRun);
    if (measured instanceof RowBroke) return withBroken(record, measured);
    if (!warmUp) conducting.notices.leftOpen(measured.leftOpen);
    record = withRound(record, measured);
    const failed = withFailedCheck(record, measured.samples, { warmUp, round });
    if (failed !== undefined) return { record: failed, isOver: true };
    yield { type: 'round finished', warmUp, round, record };
    if (!warmUp && when.isEnough(record, round))
      return { record: finished(endedAfter(record, round)), isOver: true };
  }
  return { record: finished(record), isOver: true };
}

/** The measured round, or the row that ended it. */
async function* roundOrBreak(
  ...round: Parameters<typeof conductRound>
): AsyncGenerator<ConductEvent, MeasuredRound | RowBroke> {
  try {
    return yield* conductRound(...round);
  } catch (error) {
    if (error instanceof RowBroke) return error;
    throw error;
  }
}

/** The record without the round that a row ended. */
function withBroken(record: RunRecord, { row, message }: RowBroke): Progressed {
  const lost = withRound(record, { samples: [], traces: [], lost: new Map([[row, message]]) });
  const isOver = lost.variants.every(({ error }) => error !== undefined);
  return { record: isOver ? finished(lost) : lost, isOver };
}
