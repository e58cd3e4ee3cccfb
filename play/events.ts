/** The events of a run, sent by the player and received by pages. */
import type { TargetAddress } from '../harness/model/target.ts';
import type { Choices } from './choices.ts';

/** Times are in ms since the batch began, by the player's monotonic clock. */
export type PlayerEvent =
  | {
      /**
       * `computing` and `computed` are the start and end of a job's CPU work. `sent` is the write of its request to the
       * socket, which a blocked loop delays. `answered` is the arrival of its answer.
       */
      readonly type: 'computing' | 'computed' | 'sent' | 'answered';
      readonly job: number;
      readonly atMs: number;
    }
  /** The loop ran a timer `delayMs` too late. */
  | { readonly type: 'loop'; readonly atMs: number; readonly delayMs: number };

/** The results of a run. */
export interface Outcome {
  readonly wallMs: number;
  readonly answers: number;
  /** What the target saw. */
  readonly target: { readonly requests: number; readonly peakInFlight: number; readonly connections: number };
}

export type RunEvent =
  | PlayerEvent
  /** Processes start. `serialMs` is the estimated time of all jobs in sequence; `limit` is the most in flight. */
  | {
      readonly type: 'preparing';
      readonly choices: Choices;
      readonly limit: number;
      readonly serialMs: number;
    }
  /** The clock runs. */
  | { readonly type: 'begun' }
  | { readonly type: 'done'; readonly outcome: Outcome }
  /** The run was stopped early; the reason is one sentence. */
  | { readonly type: 'stopped'; readonly reason: string };

export type ToPlayer = { readonly type: 'play'; readonly target: TargetAddress };

export type FromPlayer =
  | { readonly type: 'ready' }
  | { readonly type: 'begun' }
  | { readonly type: 'events'; readonly events: readonly PlayerEvent[] }
  | { readonly type: 'finished'; readonly outcome: Outcome }
  /** One sentence. */
  | { readonly type: 'failed'; readonly message: string };
