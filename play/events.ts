/** What happens in a run, as the player tells it and as pages hear of it. */
import type { TargetAddress } from '../harness/model/target.ts';
import type { Choices } from './choices.ts';

/** Times are in ms since the batch began, by the player's monotonic clock. */
export type PlayerEvent =
  | {
      /**
       * `computing` and `computed` are the ends of a job's CPU work; `sent` is when its request was handed to the socket,
       * which a blocked loop puts off; `answered` is when its answer was seen.
       */
      readonly type: 'computing' | 'computed' | 'sent' | 'answered';
      readonly job: number;
      readonly atMs: number;
    }
  /** The loop came back to a timer `delayMs` too late. */
  | { readonly type: 'loop'; readonly atMs: number; readonly delayMs: number };

/** What a run came to. */
export interface Outcome {
  readonly wallMs: number;
  readonly answers: number;
  /** What the target saw. */
  readonly target: { readonly requests: number; readonly peakInFlight: number; readonly connections: number };
}

export type RunEvent =
  | PlayerEvent
  /** Processes start. `serialMs` is about what one job after the other would take; `limit` how many may be in flight. */
  | {
      readonly type: 'preparing';
      readonly choices: Choices;
      readonly limit: number;
      readonly serialMs: number;
    }
  /** The clock runs. */
  | { readonly type: 'begun' }
  | { readonly type: 'done'; readonly outcome: Outcome }
  /** It ended before its time; the reason is one sentence. */
  | { readonly type: 'stopped'; readonly reason: string };

export type ToPlayer = { readonly type: 'play'; readonly target: TargetAddress };

export type FromPlayer =
  | { readonly type: 'ready' }
  | { readonly type: 'begun' }
  | { readonly type: 'events'; readonly events: readonly PlayerEvent[] }
  | { readonly type: 'finished'; readonly outcome: Outcome }
  /** One sentence. */
  | { readonly type: 'failed'; readonly message: string };
