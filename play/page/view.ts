import type { Outcome, RunEvent } from '../events.ts';

type Preparing = Extract<RunEvent, { type: 'preparing' }>;

/** One job so far; times in ms since the start, null if not reached yet. */
export interface JobView {
  computingMs: number | null;
  computedMs: number | null;
  sentMs: number | null;
  answeredMs: number | null;
}

export interface Point {
  x: number;
  y: number;
}

/** The state of a run on a page. */
export interface RunView {
  readonly given: Preparing;
  readonly jobs: JobView[];
  /** A point for each request that leaves and each answer. */
  readonly inFlight: Point[];
  /** The delays of the loop. */
  readonly loopDelay: Point[];
  answered: number;
  begun: boolean;
  /** The time of the last event, in ms since the start. */
  lastMs: number;
  end: Outcome | { readonly reason: string } | null;
}

/** The state of a run before it begins. */
export function newView(given: Preparing): RunView {
  return {
    given,
    jobs: Array.from({ length: given.choices.requests }, () => ({
      computingMs: null,
      computedMs: null,
      sentMs: null,
      answeredMs: null,
    })),
    inFlight: [{ x: 0, y: 0 }],
    loopDelay: [{ x: 0, y: 0 }],
    answered: 0,
    begun: false,
    lastMs: 0,
    end: null,
  };
}

/** Applies the next event, which must not be `preparing`. */
export function happen(view: RunView, event: Exclude<RunEvent, Preparing>): void {
  if (event.type === 'begun') view.begun = true;
  else if (event.type === 'done') view.end = event.outcome;
  else if (event.type === 'stopped') view.end = event;
  else {
    view.lastMs = Math.max(view.lastMs, event.atMs);
    if (event.type === 'loop') view.loopDelay.push({ x: event.atMs, y: event.delayMs });
    else takeIn(view, event);
  }
}

function takeIn(view: RunView, { type, job, atMs }: Extract<RunEvent, { job: number }>): void {
  const seen = view.jobs[job];
  if (seen === undefined) return;
  seen[`${type}Ms`] = atMs;
  const inFlight = view.inFlight.at(-1)?.y ?? 0;
  if (type === 'sent') view.inFlight.push({ x: atMs, y: inFlight + 1 });
  if (type === 'answered') {
    view.inFlight.push({ x: atMs, y: inFlight - 1 });
    view.answered += 1;
  }
}
