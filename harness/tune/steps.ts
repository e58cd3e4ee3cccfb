/** The words of a search for a limit: what a step is asked to do, and what it found. */

/** Why the target turned a job away. */
export interface Refusal {
  /** As in `429`, `Retry-After`, `an exhausted quota` or `too many connections`. */
  readonly what: string;
  /** Whether the target limits requests by time, and not how many are in flight. */
  readonly byRate: boolean;
  /** No request may be sent for this long. */
  readonly waitMs: number;
}

/** What a step does: it keeps `limit` jobs in flight until `jobs` have been sent. */
export interface StepRequest {
  readonly phase: 'doubling' | 'rounds' | 'confirming';
  readonly limit: number;
  /** How many jobs it sends. */
  readonly jobs: number;
  /** From 1, in rounds. */
  readonly round?: number;
  /** In rounds: the estimate L that the round has around it. */
  readonly centre?: number;
}

/** What a step found. Without filling and draining, but for the counts. */
export interface StepFigures {
  /** Jobs that were started. */
  readonly jobs: number;
  /** Jobs that succeeded. */
  readonly succeeded: number;
  readonly failed: number;
  /** HTTP requests that were seen; 0 if jobs do no HTTP. */
  readonly requests: number;
  /** Successful jobs a second; null if too few were answered. */
  readonly perSecond: number | null;
  readonly meanLatencyMs: number | null;
  readonly medianLatencyMs: number | null;
  readonly refusal: Refusal | null;
  /** Requests that were refused. */
  readonly refused: number;
  /** Files or ports of this process that were used up, as an error code; null if none were. */
  readonly exhausted: string | null;
  /** What the first failed job said. */
  readonly failure: string | null;
  /** The most HTTP requests in flight at the sockets; null if jobs do no HTTP. */
  readonly peakAtSockets: number | null;
  /** The most sockets of this process that were open. */
  readonly peakSockets: number;
  /** The share of time in which the client's loop was busy. */
  readonly loopUtilization: number;
  /** CPU time of the client, as a share of one core. */
  readonly cpuShare: number;
  /** The longest time that the client's loop did not turn. */
  readonly longestDelayMs: number;
  /** From the start of the step to the end of its last job. */
  readonly seconds: number;
  /** Whether it ended before all its jobs were sent, for want of time or requests; a refusal is no such end. */
  readonly cut: boolean;
}

/** A step that has ended. */
export interface Step extends StepRequest {
  readonly figures: StepFigures;
}

/** More failures than this share end a doubling. */
export const MOST_FAILURES = 0.01;

/** Whether the target turned away, or failed at, more than a healthy target does. */
export function isRefused({ refusal, failed, succeeded }: StepFigures): boolean {
  return refusal !== null || failed > MOST_FAILURES * (failed + succeeded);
}
