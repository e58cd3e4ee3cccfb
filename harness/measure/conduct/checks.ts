import type { Variant } from '../../model/experiment.ts';
import type { Evidence } from '../../model/target.ts';
import { peakInFlightOf } from './evidence.ts';

/** The data that one sample is checked with. */
export interface SampleToCheck {
  readonly variant: Pick<Variant, 'limit' | 'connections' | 'retries' | 'served'>;
  /** Where the variant is declared, as in `benchmarks/crawl.ts`. */
  readonly declaredIn: string;
  /** The ids of the jobs that the target must have served. */
  readonly served: readonly number[];
  /** The name that every request of the sample carried. */
  readonly run: string;
  readonly wallMs: number;
  readonly boundMs: number;
  readonly checksum: string;
  /** The checksum of the group's other samples; undefined for the first sample, and if results may differ. */
  readonly expectedChecksum: string | undefined;
  readonly evidence: Evidence;
  /** What the batch reported, and what the experiment declares. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly declaredMetrics: ReadonlySet<string>;
}

/** A failed check, and the declaration that would allow it. */
export interface Fault {
  readonly what: string;
  readonly declaration?: string;
  /** What to use instead, in an experiment. */
  readonly advice?: string;
}

/**
 * Compares a sample with what the target saw.
 *
 * @returns the failed check and the declaration that would allow it, in one sentence without its full stop; or null
 */
export function findFailure(sample: SampleToCheck): string | null {
  const fault =
    findFaultAtTarget(sample) ??
    findFaultOfConnections(sample) ??
    findFaultOfAnswer(sample) ??
    findFaultOfMetrics(sample);
  if (fault === null) return null;
  const { what, declaration, advice } = fault;
  return declaration === undefined
    ? [what, ...(advice === undefined ? [] : [advice])].join('; ')
    : `${what}; if that is right, write ${declaration} for this variant in ${sample.declaredIn}`;
}

/** What is wrong with the results or the time, or null. */
export function findFaultOfAnswer({
  declaredIn,
  wallMs,
  boundMs,
  checksum,
  expectedChecksum,
}: Pick<SampleToCheck, 'declaredIn' | 'wallMs' | 'boundMs' | 'checksum' | 'expectedChecksum'>): Fault | null {
  if (expectedChecksum !== undefined && checksum !== expectedChecksum)
    return {
      what: `its results have checksum ${checksum}, those of the other variants ${expectedChecksum}`,
      declaration: 'sameResults: false',
    };
  if (boundMs > wallMs)
    return {
      what: `it took ${wallMs} ms, less than the ${boundMs} ms that are possible: its bound in ${declaredIn} or a clock is wrong`,
    };
  return null;
}

/** What is wrong with the metrics of the batch, or null: an undeclared metric has no unit, and a chart cannot place NaN. */
export function findFaultOfMetrics({
  metrics,
  declaredMetrics,
  declaredIn,
}: Pick<SampleToCheck, 'metrics' | 'declaredMetrics' | 'declaredIn'>): Fault | null {
  const undeclared = Object.keys(metrics).find((name) => !declaredMetrics.has(name));
  if (undeclared !== undefined)
    return {
      what: `its batch reports the metric ${undeclared}, which is not among the metrics of ${declaredIn}`,
    };
  const [name, value] = Object.entries(metrics).find(([, one]) => !Number.isFinite(one)) ?? [];
  return name === undefined ? null : { what: `its metric ${name} is ${value}, which is not a finite number` };
}

/** What is wrong with the requests that the target saw, or null. */
export function findFaultAtTarget({
  variant,
  served,
  run,
  evidence,
}: Pick<SampleToCheck, 'variant' | 'served' | 'run' | 'evidence'>): Fault | null {
  const { requests, failure } = evidence;
  if (failure !== undefined) return { what: failure };
  const fault = findFaultOfCount(requests.length, served.length, variant);
  if (fault !== null) return fault;
  const stray = requests.find((request) => request.run !== undefined && request.run !== run);
  if (stray?.run === '')
    return {
      what: 'a request without a run reached the target',
      advice: 'jobPath writes paths that have one',
    };
  if (stray !== undefined)
    return { what: `a request of another sample (${JSON.stringify(stray.run)}) reached the target` };
  const seen = new Set(requests.map((request) => request.job));
  const missing = served.find((id) => !seen.has(id));
  if (missing !== undefined) return { what: `job ${missing} did not reach the target` };
  if (requests.some((request) => request.releasedMs === null))
    return { what: 'the target did not answer every request' };
  const peakInFlight = peakInFlightOf(evidence);
  if (peakInFlight > variant.limit)
    return {
      what: `the target saw ${counted(peakInFlight, 'request')} in flight, and the limit is ${variant.limit}`,
      declaration: `limit: ${peakInFlight}`,
    };
  return null;
}

function findFaultOfCount(requests: number, served: number, variant: SampleToCheck['variant']): Fault | null {
  if (requests === served || (variant.retries === true && requests > served)) return null;
  const what = `the target served ${counted(requests, 'request')} instead of ${served}`;
  if (requests > served) return { what, declaration: 'retries: true' };
  // Those that are served may be declared already.
  return variant.served === undefined
    ? { what, declaration: 'served, which returns the ids of the jobs that reach the target,' }
    : { what: `${what} before it ended`, advice: 'a promise may not be awaited' };
}

/** What is wrong with the connections that the target saw, or null. */
export function findFaultOfConnections({
  variant,
  evidence,
}: Pick<SampleToCheck, 'variant' | 'evidence'>): Fault | null {
  const { used, opened } = evidence.connections;
  const expected = variant.connections;
  const most = Math.max(used, opened);
  const allowed = 'atMost' in expected ? expected.atMost : expected.used;
  // If `opened` is left out, any number of connections may open while the clock runs.
  const declaration = `connections: { atMost: ${Math.max(most, allowed)} }`;
  if ('atMost' in expected && most > allowed)
    return { what: `${counted(most, 'connection')} carried the sample, more than ${allowed}`, declaration };
  if ('used' in expected && used !== allowed)
    return { what: `${counted(used, 'connection')} carried the sample instead of ${allowed}`, declaration };
  if (expected.opened !== undefined && opened !== expected.opened) {
    const verb = opened === 1 ? 'was' : 'were';
    return {
      what: `${counted(opened, 'connection')} ${verb} opened during the sample instead of ${expected.opened}`,
      declaration,
    };
  }
  return null;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
