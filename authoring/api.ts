/** The API that a benchmark's function waits on. */
import type { TargetOptions } from '../harness/model/target.ts';

/** An API on this machine that answers as late as the real one. */
export interface LatencyApi {
  /** How long it takes for a request, in ms; the median, if latencies spread. */
  readonly latencyMs: number;
  /** How far latencies spread: the standard deviation of their logarithm, as 0.3. All are equal if left out. */
  readonly spread?: number;
  /** How many requests it works on at once; others wait in its queue. No limit if left out. */
  readonly capacity?: number;
  /** The size of an answer, in bytes; some dozens if left out. */
  readonly sizeBytes?: number;
}

/** Latencies follow from this number and the job alone, so that every run waits for the same ones. */
const SEED = 1;

/** The start options of the latency server that stands for the API. */
export function serverOptions({ spread = 0, capacity, sizeBytes }: LatencyApi): TargetOptions {
  return {
    seed: SEED,
    ...(spread === 0 ? {} : { distribution: 'lognormal', sigma: spread }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
  };
}

/** The mean latency, in ms: that of a log-normal distribution lies above its median. */
export function meanLatencyMs({ latencyMs, spread = 0 }: LatencyApi): number {
  return latencyMs * Math.exp(spread ** 2 / 2);
}

const MOST_LATENCY_MS = 600_000;

/** @throws one sentence that names the setting */
export function checkApi(api: LatencyApi): void {
  if (typeof api !== 'object' || api === null)
    throw new Error('api must say how late it answers, as in api: { latencyMs: 50 }.');
  const { latencyMs, spread = 0, capacity = 1, sizeBytes = 0, ...others } = api;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined)
    throw new Error(`api has no ${stranger}; it has latencyMs, spread, capacity and sizeBytes.`);
  if (!(latencyMs > 0 && latencyMs <= MOST_LATENCY_MS))
    throw new Error(`api.latencyMs must be above 0 and at most ${MOST_LATENCY_MS}, and is ${latencyMs}.`);
  if (!(spread >= 0 && spread <= 3)) throw new Error(`api.spread must be from 0 to 3, and is ${spread}.`);
  if (!(Number.isInteger(capacity) && capacity >= 1))
    throw new Error(`api.capacity must be a whole number above 0, and is ${capacity}.`);
  if (!(Number.isInteger(sizeBytes) && sizeBytes >= 0))
    throw new Error(`api.sizeBytes must be a whole number, and is ${sizeBytes}.`);
}
