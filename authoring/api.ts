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

/** A service of one's own that already runs. It is reached through a relay on this machine, which counts requests. */
export interface UrlApi {
  /** What each request is sent to, as `http://127.0.0.1:8000/items`; it must answer a GET without an error. */
  readonly url: string;
  /** About how long it takes for a request, in ms, for the number of requests and the time limit; 100 if left out. */
  readonly latencyMs?: number;
  /** About how many requests it works on at once: as many as the reference sends; 10 if left out. */
  readonly capacity?: number;
  /** The most connections of the relay to it; no limit if left out. */
  readonly connections?: number;
  /** The most requests that a run may send to it; required if it is not on this machine. */
  readonly maxRequests?: number;
}

/** What a benchmark's function waits on. */
export type Api = LatencyApi | UrlApi;

export function isUrlApi(api: Api): api is UrlApi {
  return 'url' in api;
}

/** A service's latency if its author states none, in ms. */
const USUAL_LATENCY_MS = 100;

/** The latency that an author states, in ms: the median, if latencies spread. */
export function statedLatencyMs({ latencyMs = USUAL_LATENCY_MS }: Api): number {
  return latencyMs;
}

/** The start options of what stands between a function and its API. @param answerLimitMs how long an answer may take */
export function targetOptions(api: Api, answerLimitMs: number): TargetOptions {
  if (!isUrlApi(api)) return serverOptions(api);
  const { url, connections, maxRequests } = api;
  return {
    kind: 'relay',
    origin: new URL(url).origin,
    answerLimitMs,
    ...(connections === undefined ? {} : { connections }),
    ...(maxRequests === undefined ? {} : { maxRequests }),
  };
}

/** Latencies follow from this number and the job alone, so that every run waits for the same ones. */
const SEED = 1;

/** The start options of the latency server that stands for the API. */
function serverOptions({ spread = 0, capacity, sizeBytes }: LatencyApi): TargetOptions {
  return {
    seed: SEED,
    ...(spread === 0 ? {} : { distribution: 'lognormal', sigma: spread }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
  };
}

/** The mean latency, in ms: that of a log-normal distribution lies above its median. */
export function meanLatencyMs(api: Api): number {
  const { spread = 0 } = isUrlApi(api) ? {} : api;
  return statedLatencyMs(api) * Math.exp(spread ** 2 / 2);
}

const MOST_LATENCY_MS = 600_000;

/** @throws one sentence that names the setting */
export function checkApi(api: Api): void {
  if (typeof api !== 'object' || api === null)
    throw new Error('api must say how late it answers, as in api: { latencyMs: 50 }.');
  if (isUrlApi(api)) checkUrlApi(api);
  else checkLatencyApi(api);
}

function checkLatencyApi(api: LatencyApi): void {
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

function checkUrlApi({ url, ...stated }: UrlApi): void {
  const { latencyMs = 1, capacity, connections, maxRequests, ...others } = stated;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined)
    throw new Error(
      `api with a url has no ${stranger}; it has latencyMs, capacity, connections and maxRequests.`,
    );
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new Error(`api.url must be like http://127.0.0.1:8000/items, and is ${url}.`);
  if (parsed.username !== '' || parsed.password !== '')
    throw new Error('api.url must have no user and no password; let your function send them.');
  if (!(latencyMs > 0 && latencyMs <= MOST_LATENCY_MS))
    throw new Error(`api.latencyMs must be above 0 and at most ${MOST_LATENCY_MS}, and is ${latencyMs}.`);
  for (const [name, value = 1] of Object.entries({ capacity, connections, maxRequests }))
    if (!(Number.isInteger(value) && value >= 1))
      throw new Error(`api.${name} must be a whole number above 0, and is ${value}.`);
}
