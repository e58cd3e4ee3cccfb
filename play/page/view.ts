import type { Outcome, RunEvent } from '../events.ts';

type Preparing = Extract<RunEvent, { type: 'preparing' }>;

/** One job so far; times in ms since the start, null where that has not happened. */
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

/** What a page knows of a run. */
export interface RunView {
  readonly given: Preparing;
  readonly jobs: JobView[];
  /** A point whenever a request leaves or comes back. */
  readonly inFlight: Point[];
  /** How late the loop was. */
  readonly loopDelay: Point[];
  answered: number;
  begun: boolean;
  /** When something last happened, in ms since the start. */
  lastMs: number;
  end: Outcome | { readonly reason: string } | null;
}

/** A run that has not begun. */
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

/** Takes in what happened next, which is anything but `preparing`. */
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
