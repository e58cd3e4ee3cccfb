/** What arrivals say: exact percentiles of latency from the intended start, and how late this process was itself. */
import { formatTime, threeDigits } from '../findings/numbers.ts';
import type { ArrivalsMeasured } from './arrivals.ts';

/** A percentile needs this many values beyond it. */
const LEAST_BEYOND = 10;
const SHARES = [0.5, 0.9, 0.99, 0.999];

/** A percentile of values: the smallest value with at least this share at or below it. */
export interface Percentile {
  readonly share: number;
  readonly ms: number;
}

/** The percentiles that the number of values carries, each with at least ten values beyond it. */
export function percentilesOf(values: readonly number[]): Percentile[] {
  const sorted = values.toSorted((one, other) => one - other);
  // 1000 - 0.99 * 1000 comes out below 10.
  const carried = SHARES.filter(
    (share) => sorted.length - Math.ceil(share * sorted.length - 1e-9) >= LEAST_BEYOND,
  );
  return carried.map((share) => ({ share, ms: sorted[Math.ceil(share * sorted.length - 1e-9) - 1]! }));
}

/** One or two sentences for each load that was offered. */
export function arrivalSentences(all: readonly ArrivalsMeasured[]): string[] {
  return all.map(({ perSecond, arrivals, unfinished, refused }) => {
    const latencies = arrivals
      .filter(([, , , ok]) => ok === 1)
      .map(([intendedMs, , endMs]) => endMs - intendedMs);
    const lateMs = Math.max(0, ...arrivals.map(([intendedMs, startMs]) => startMs - intendedMs));
    const shares = percentilesOf(latencies).map(
      ({ share, ms }) => `${Number((share * 100).toFixed(1))} % ${formatTime(ms)}`,
    );
    const told = shares.length === 0 ? 'too few for percentiles' : shares.join(', ');
    const rest = [
      unfinished > 0 ? `${unfinished} did not end in time.` : '',
      refused > 0 ? `${refused} were refused.` : '',
    ].filter((text) => text !== '');
    return [
      `Open loop, ${threeDigits(perSecond)} a second, ${latencies.length} jobs, from the intended start: ${told}.`,
      `Jobs started up to ${formatTime(lateMs)} late.`,
      ...rest,
    ].join(' ');
  });
}
