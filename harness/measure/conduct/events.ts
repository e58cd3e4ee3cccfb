/** What the conductor tells, in this order: samples of a round, its end, and so on, until all has ended. */
import type { Progress } from '../../model/experiment.ts';
import type { RunRecord } from '../../record/schema.ts';

/** A sample is about to run. */
export interface SampleStarted {
  readonly type: 'sample started';
  readonly progress: Progress;
}

/** Every sample of a round is there, and every check held. */
export interface RoundFinished {
  readonly type: 'round finished';
  /** From 1; warm-up rounds count on their own. */
  readonly round: number;
  readonly warmUp: boolean;
  /** All that was measured so far. */
  readonly record: RunRecord;
}

/** Nothing runs any more. */
export interface Ended {
  readonly type: 'ended';
  /** With status `ok`, or `errored` where a sample failed its check or a row could not be measured. */
  readonly record: RunRecord;
}

export type ConductEvent = SampleStarted | RoundFinished | Ended;

/**
 * Lets all of it happen.
 *
 * @returns the record in which it ended
 * @throws what the conductor throws
 */
export async function lastRecord(events: AsyncIterable<ConductEvent>): Promise<RunRecord> {
  let last: RunRecord | undefined;
  for await (const event of events) if (event.type === 'ended') last = event.record;
  if (last === undefined) throw new Error('The conductor stopped without saying how it ended.');
  return last;
}
