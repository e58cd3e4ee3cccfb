/** The rows of a benchmark. */
import { promiseAll } from '../benchmarks/strategies/promise-all.ts';
import type { Variant } from '../harness/model/experiment.ts';
import { addressesOf } from './addresses.ts';
import { meanLatencyMs } from './api.ts';
import type { Benchmark, ForRow } from './benchmark.ts';
import { openCall, openSends } from './call.ts';
import { combinationsOf, hasValues, nameOfValues, type Value, type Vary } from './parameters.ts';
import { referenceRow } from './reference.ts';
import { type BenchmarkWork, sampleMs } from './sizes.ts';

/** A row before the size of its work is known. */
export interface NamedRow {
  readonly id: string;
  readonly values: Readonly<Record<string, Value>>;
  /** Its limit; undefined without one. */
  readonly limit: number | undefined;
  /** How many requests the API works on for it at once, for estimates. */
  readonly atOnce: number;
}

/** A sample takes no longer than this and twice the time of one request after the other. */
const SHORT_LIMIT_MS = 10_000;
/** Without a limit or a capacity, for estimates. */
const USUALLY_AT_ONCE = 10;

/** The rows of a benchmark besides its reference. @throws if a limit is not a whole number above 0 */
export function namedRows(benchmark: Benchmark): NamedRow[] {
  const { strategies, vary = {}, api } = benchmark;
  const all = strategies === undefined ? vary : { strategy: Object.keys(strategies), ...vary };
  return combinationsOf(all).map((values) => {
    const limit = limitOf(benchmark, values);
    const { strategy, ...others } = values;
    const names =
      strategies === undefined ? [nameOfValues(values)] : [String(strategy), nameOfValues(others)];
    return {
      id: names.filter((name) => name !== '').join(', ') || 'run',
      values,
      limit,
      atOnce: Math.min(limit ?? USUALLY_AT_ONCE, api.capacity ?? Number.POSITIVE_INFINITY),
    };
  });
}

function limitOf({ limit }: Benchmark, values: NamedRow['values']): number | undefined {
  const { concurrency } = values;
  const given =
    limit === undefined ? (typeof concurrency === 'number' ? concurrency : undefined) : forRow(limit, values);
  if (given !== undefined && !(Number.isInteger(given) && given >= 1))
    throw new Error(`The limit of ${nameOfValues(values)} must be a whole number above 0, and is ${given}.`);
  return given;
}

function forRow<Result>(given: ForRow<Vary, Result>, values: NamedRow['values']): Result {
  return typeof given === 'function' ? (given as (values: NamedRow['values']) => Result)(values) : given;
}

/** The variants of a benchmark in one profile: first the reference, which is their baseline. */
export function rowsOf(benchmark: Benchmark, rows: readonly NamedRow[], work: BenchmarkWork): Variant[] {
  return [referenceRow(benchmark.api, work), ...rows.map((row) => rowOf(benchmark, row, work))];
}

function rowOf(benchmark: Benchmark, row: NamedRow, work: BenchmarkWork): Variant {
  const { api, current = {}, connections = { atMost: Number.MAX_SAFE_INTEGER }, retries = false } = benchmark;
  const { requests } = work;
  const meanMs = meanLatencyMs(api);
  return {
    id: row.id,
    parameters: row.values,
    headline: hasValues(row.values, current),
    jobs: requests,
    limit: Math.min(row.limit ?? requests, requests),
    connections: forRow(connections, row.values),
    retries,
    served: () => Array.from({ length: requests }, (_, job) => job),
    // What it returns is its own; the target counts its requests.
    sameResults: false,
    estimateMs: sampleMs(requests, meanMs, row.atOnce),
    timeLimitMs: timeLimitOf(benchmark, work),
    ...workOf(benchmark, row, work),
  };
}

/** The time limit of a row's sample, in ms. */
export function timeLimitOf(
  { api, timeLimitMs }: Pick<Benchmark, 'api' | 'timeLimitMs'>,
  { requests }: Pick<BenchmarkWork, 'requests'>,
): number {
  return timeLimitMs ?? SHORT_LIMIT_MS + 2 * requests * meanLatencyMs(api);
}

/** What a row does: one call of the author's function, or the author's request for each job by a strategy. */
function workOf(
  benchmark: Benchmark,
  { values }: NamedRow,
  { requests, latencyMs }: BenchmarkWork,
): Pick<Variant, 'strategy' | 'open'> {
  const { inputs, api } = benchmark;
  const work = { requests, inputs, addresses: addressesOf(api, latencyMs) };
  if (benchmark.run !== undefined) {
    const { run } = benchmark;
    return {
      strategy: promiseAll,
      open: async (target) => openCall(target, work, (urls, context) => run(urls, values, context)),
    };
  }
  const { strategies, send } = benchmark;
  return {
    strategy: strategies[String(values.strategy)]!,
    open: async (target) => openSends(target, work, (url, input) => send(url, input, values)),
  };
}
