/** How much work each profile of a benchmark has, from the latency and the limits of its rows. */
import type { Workload } from '../harness/model/experiment.ts';

/** The work of a benchmark. */
export interface BenchmarkWork extends Workload {
  /** The requests of one sample. */
  readonly requests: number;
  /** How long the API takes for one of them, in ms. */
  readonly latencyMs: number;
}

/** What an author may change of a profile. */
export type Size = Partial<Pick<BenchmarkWork, 'requests' | 'rounds' | 'warmUpRounds'>>;

/** What the time of a benchmark follows from. */
export interface Timing {
  readonly latencyMs: number;
  readonly meanLatencyMs: number;
  /** How many requests of each row the API works on at once, as far as is known. */
  readonly atOnce: readonly number[];
  /** The same of the reference row. */
  readonly referenceAtOnce: number;
  /** The largest limit of a row, which may be more than the API works on at once. */
  readonly largestLimit: number;
}

/** The samples of the quick profile take about as long. */
const QUICK_MS = 18_000;
/** What stands around each sample: its set-up, its evidence and its clean-up. */
const AROUND_SAMPLE_MS = 40;
/** What a client needs for a request besides waiting. */
const CLIENT_MS = 0.1;
const MOST_REQUESTS = 1000;
const FEW_REQUESTS = 10;
const QUICK = { rounds: 6, warmUpRounds: 1 };
const SMOKE = { rounds: 2, warmUpRounds: 0 };

/** The estimated time of a sample, in ms. */
export function sampleMs(requests: number, meanLatencyMs: number, atOnce: number): number {
  return Math.max(1, requests / atOnce) * meanLatencyMs + requests * CLIENT_MS;
}

/**
 * The profiles of a benchmark. Without a number of requests, the quick profile takes about 20 s. It has at least twice as many
 * requests as the largest row has at once, though.
 *
 * @param given the author's number of requests, or undefined
 */
export function profilesOf(
  timing: Timing,
  given: number | undefined,
  sizes: Readonly<Record<string, Size>>,
): Record<string, BenchmarkWork> {
  const requests = given ?? fittingRequests(timing);
  const { latencyMs } = timing;
  const few = Math.min(requests, Math.max(timing.largestLimit, FEW_REQUESTS));
  const derived = {
    smoke: { ...SMOKE, requests: few, latencyMs },
    quick: { ...QUICK, requests, latencyMs },
  };
  const own = Object.entries(sizes).map(([name, size]): [string, BenchmarkWork] => {
    const work = name === 'smoke' ? derived.smoke : derived.quick;
    return [name, { ...work, ...size }];
  });
  return { ...derived, ...Object.fromEntries(own) };
}

function fittingRequests({ meanLatencyMs, atOnce, referenceAtOnce, largestLimit }: Timing): number {
  const { rounds, warmUpRounds } = QUICK;
  // The reference runs twice in a measured round.
  const often = [
    ...atOnce.map((limit) => ({ limit, times: rounds + warmUpRounds })),
    { limit: referenceAtOnce, times: 2 * (rounds + warmUpRounds) },
  ];
  const samples = often.reduce((sum, { times }) => sum + times, 0);
  const perRequestMs = often.reduce(
    (sum, { limit, times }) => sum + times * (meanLatencyMs / limit + CLIENT_MS),
    0,
  );
  const fitting = (QUICK_MS - samples * AROUND_SAMPLE_MS) / perRequestMs;
  const least = 2 * Math.max(largestLimit, referenceAtOnce);
  return Math.min(Math.max(tens(fitting), least), Math.max(MOST_REQUESTS, least));
}

/** Rounded down to tens, or to ones below. */
function tens(number: number): number {
  return number >= 10 ? Math.floor(number / 10) * 10 : Math.max(1, Math.floor(number));
}
