/** The events of the conductor: the samples of each round, the end of the round, and at last the end of the run. */
import type { Progress } from '../../model/experiment.ts';
import type { Warning } from '../../model/row.ts';
import type { RunRecord } from '../../record/schema.ts';

/** A sample is about to run. */
export interface SampleStarted {
  readonly type: 'sample started';
  readonly progress: Progress;
}

/** Every sample of a round is measured, and every check passed. */
export interface RoundFinished {
  readonly type: 'round finished';
  /** From 1; warm-up rounds are counted separately. */
  readonly round: number;
  readonly warmUp: boolean;
  /** With all rounds measured so far. */
  readonly record: RunRecord;
}

/** The measured code does something that a person should know, although every check passed. */
export interface Noticed {
  readonly type: 'noticed';
  readonly warning: Warning;
}

/** The run is over. */
export interface Ended {
  readonly type: 'ended';
  /** With status `ok`, or `errored` if a sample failed its check or a row could not be measured. */
  readonly record: RunRecord;
}

export type ConductEvent = SampleStarted | RoundFinished | Noticed | Ended;

/**
 * Consumes all events of a run.
 *
 * @returns the final record
 * @throws the errors of the conductor
 */
export async function lastRecord(events: AsyncIterable<ConductEvent>): Promise<RunRecord> {
  let last: RunRecord | undefined;
  for await (const event of events) if (event.type === 'ended') last = event.record;
  if (last === undefined) throw new Error('The conductor stopped without saying how it ended.');
  return last;
}
