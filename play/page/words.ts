import { formatTime, ratioDigits } from '../../harness/findings/numbers.ts';
import type { RunView } from './view.ts';

/** The status line of a run, at its start and at its end. */
export function statusOf(view: RunView): string {
  const { end, begun, answered, given } = view;
  const { requests, strategy } = given.choices;
  if (end === null)
    return begun ? `Started: ${strategy}, ${counted(requests)}.` : 'A server and a player start.';
  if ('reason' in end)
    return begun ? `${end.reason} ${answered} of ${counted(requests)} had an answer.` : end.reason;
  const { wallMs, answers, target } = end;
  const took = `Done: ${counted(answers)} in ${formatTime(wallMs)}, at most ${target.peakInFlight} in flight`;
  if (given.serialMs === 0) return `${took}; there was no waiting to hide.`;
  const speedup = speedupOf(view, wallMs);
  return speedup === null
    ? `${took}, one after the other.`
    : `${took}; one after the other would take ${formatTime(given.serialMs)}: ${ratioDigits(speedup)} times as fast.`;
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
    load: `Two lines over the same time: at most ${Math.max(0, ...flying)} requests were in flight, and the loop was at most ${formatTime(Math.max(0, ...delays))} late.`,
  };
}

/** The choices of a run, in a few words. */
export function captionOf({ given }: RunView): string {
  const { strategy, requests, latencyMs, distribution, sliceMs } = given.choices;
  const limited = given.limit < requests && strategy !== 'serial' ? `, at most ${given.limit}` : '';
  const slices = sliceMs > 0 ? `, ${sliceMs} ms of CPU work each` : '';
  return `${strategy}${limited}: ${counted(requests)} of ${latencyMs} ms (${distribution})${slices}`;
}

function counted(requests: number): string {
  return requests === 1 ? '1 request' : `${requests} requests`;
}
