import { formatRatio, formatTime } from '../../harness/findings/numbers.ts';
import type { RunView } from './view.ts';

/** How a run stands, at its start and at its end, in a few sentences. */
export function statusOf(view: RunView): string {
  const { end, begun, answered, given } = view;
  const { requests, strategy, sliceMs } = given.choices;
  if (end === null)
    return begun ? `Started: ${strategy}, ${counted(requests)}.` : 'Starting a server and a client process.';
  if ('reason' in end)
    return begun ? `${end.reason} ${answered} of ${counted(requests)} had an answer.` : end.reason;
  const { wallMs, answers, target } = end;
  const sentences = [
    `Done: ${strategy} took ${formatTime(wallMs)} for ${counted(answers)}, at most ${target.peakInFlight} in flight.`,
    gainOf(view, wallMs),
    sliceMs > 0 ? loopText(view) : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** What a run gained beside one request after the other. */
function gainOf(view: RunView, wallMs: number): string {
  const { serialMs } = view.given;
  if (serialMs === 0) return 'There was no waiting to hide.';
  const speedup = speedupOf(view, wallMs);
  if (speedup === null) return 'That is one after the other: no waiting was hidden.';
  const ratio = `One after the other takes about ${formatTime(serialMs)}: this is ${formatRatio(speedup)} as fast`;
  return wallMs < serialMs ? `${ratio} and saves ${formatTime(serialMs - wallMs)}.` : `${ratio}.`;
}

/** A loop that comes back after this many of the longest slices was free between jobs. */
const FREE_SLICES = 3;
/** Timers are this late on a busy machine, whatever the program does. */
const TIMER_NOISE_MS = 20;

/** Whether anything else could run during the CPU work. */
function loopText({ jobs, loopDelay }: RunView): string {
  const longestSliceMs = most(
    jobs.map(({ computingMs, computedMs }) => (computedMs ?? 0) - (computingMs ?? computedMs ?? 0)),
  );
  const delayMs = most(loopDelay.map(({ y }) => y));
  return delayMs <= FREE_SLICES * longestSliceMs + TIMER_NOISE_MS
    ? `The event loop stayed free: it was at most ${formatTime(delayMs)} late.`
    : `The event loop was blocked for up to ${formatTime(delayMs)}: nothing else could run.`;
}

/** The speedup of a run over the serial strategy; null for that strategy itself, and without waiting. */
export function speedupOf({ given: { serialMs, limit } }: RunView, wallMs: number): number | null {
  return serialMs === 0 || limit === 1 ? null : serialMs / wallMs;
}

/** Descriptions of a run's pictures for screen readers. */
export function pictureLabels(view: RunView): { timeline: string; load: string } {
  const { given, end, lastMs } = view;
  const { strategy, requests, sliceMs } = given.choices;
  const ended = end !== null && 'wallMs' in end ? end.wallMs : lastMs;
  const departures = view.jobs.flatMap(({ sentMs }) => sentMs ?? []);
  const delays = view.loopDelay.map(({ y }) => y);
  const flying = view.inFlight.map(({ y }) => y);
  const left =
    departures.length === 0
      ? 'no request left'
      : `the first request left after ${formatTime(Math.min(...departures))}, the last after ${formatTime(Math.max(...departures))}`;
  return {
    timeline: `A bar for each of ${counted(requests)} by ${strategy}${sliceMs > 0 ? ` with ${sliceMs} ms of CPU work each` : ''}: ${left}, all ended after ${formatTime(ended)}.`,
    load: `Two lines over the same time: at most ${most(flying)} requests were in flight, and the loop was at most ${formatTime(most(delays))} late.`,
  };
}

/** The choices of a run, in a few words. */
export function captionOf({ given }: RunView): string {
  const { strategy, requests, latencyMs, distribution, change, sliceMs } = given.choices;
  const changes = change === 'nothing' ? '' : `, ${change} changes`;
  const limited = given.limit < requests && strategy !== 'serial' ? `, at most ${given.limit}` : '';
  const slices = sliceMs > 0 ? `, ${sliceMs} ms of CPU work each` : '';
  return `${strategy}${limited}: ${counted(requests)} of ${latencyMs} ms (${distribution})${slices}${changes}`;
}

/** The largest number, or 0. */
function most(numbers: readonly number[]): number {
  return Math.max(0, ...numbers);
}

function counted(requests: number): string {
  return requests === 1 ? '1 request' : `${requests} requests`;
}
