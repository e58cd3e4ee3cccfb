/** The finding of sweeps over limits: where more requests in flight stop to pay. */
import { plain } from '../../harness/findings/general.ts';
import { type GroupKnee, groupKnee } from '../../harness/findings/knees.ts';
import { metricText, metricValue } from '../../harness/findings/metrics.ts';
import { formatShare } from '../../harness/findings/numbers.ts';
import { boundText, speedText } from '../../harness/findings/wording.ts';
import type { Finding } from '../../harness/model/finding.ts';
import type { Estimate, Row } from '../../harness/model/row.ts';
import { isSteady, LEAST_WAVES } from '../../harness/statistics/steady.ts';
import { STEADY } from './steady.ts';

/**
 * A higher limit is worthwhile while it gains this share of throughput. With as many in flight as it serves, a target
 * still waits a moment for each next request. One more in flight fills that gap, and gains up to 11 % at 7 ms latency.
 */
const GAIN = 0.15;

/** The rows of one group, from the least limit to the largest. */
interface Sweep {
  readonly rows: readonly Row[];
  readonly group: string;
  /** How many requests the target serves at once; undefined if nothing limits that. */
  readonly capacity: number | undefined;
  /** The rows with enough waves for a steady throughput. */
  readonly steady: readonly Row[];
}

/** A sweep whose intervals show its knee. */
type Judged = Sweep & GroupKnee;

/** Where more in flight stops to pay: at each latency, and at a target with a capacity. Or that the batch sets it. */
export function findingOfSweeps(own: readonly Row[]): Finding | null {
  const sweeps = sweepsOf(own);
  const judged = sweeps.flatMap(judge);
  const batches = sweeps.filter(isSetByBatch);
  if (judged.length === 0) {
    const isUnproven = sweeps.some(({ steady }) => steady.length > 1);
    return isUnproven || batches.length === 0 ? null : batchFinding(batches);
  }
  const details = [...ends(judged).map(detailOf), ...batchDetails(batches)].slice(0, 3);
  const helping = judged.filter(({ helps }) => helps);
  if (helping.length > 0) return { ...stopText(helping), details };
  const headline = `Concurrency did not measurably help ${placeOf(judged)}.`;
  return { ...plain(headline, 'concurrency did not measurably help'), details };
}

/** The steady throughput at the knee of the target with a capacity, and at the largest limit. */
export function throughputAtCapacity(own: readonly Row[]): string {
  const found = sweepsOf(own)
    .flatMap(judge)
    .find(({ capacity }) => capacity !== undefined);
  const most = found?.steady.at(-1);
  if (found === undefined || most === undefined) return '';
  const { capacity, row, knee } = found;
  const beside = row === most ? '' : `, and ${metricText(most, STEADY)} with ${limitOf(most)}`;
  return `A target that serves ${capacity} at once answers ${metricText(row, STEADY)} a second with ${knee.limit} in flight${beside}.`;
}

/** The limit of a row. */
export function limitOf({ parameters }: Row): number {
  return Number(parameters.limit);
}

function sweepsOf(own: readonly Row[]): Sweep[] {
  return [...Map.groupBy(own, ({ group }) => group)].map(([group, members]) => {
    const rows = members.toSorted((one, other) => limitOf(one) - limitOf(other));
    const { capacity: given } = rows[0]!.parameters;
    const capacity = given === undefined ? undefined : Number(given);
    const steady = rows.filter((row) => isSteady(row.target.requests, limitOf(row)));
    return { group, rows, capacity, steady };
  });
}

/** With fewer than two steady throughputs, the waves of the batch are all that tells its limits apart. */
function isSetByBatch({ rows, steady }: Sweep): boolean {
  return rows.length > 1 && steady.length < 2;
}

function judge(sweep: Sweep): Judged[] {
  if (sweep.steady.length < 2) return [];
  const knee = groupKnee(sweep.group, sweep.steady, { limitOf, perSecondOf: steadyOf, gain: GAIN });
  return knee === null ? [] : [{ ...sweep, ...knee }];
}

function steadyOf(row: Row): Estimate {
  const value = metricValue(row, STEADY);
  return row.metricIntervals[STEADY.name] ?? { value, low: null, high: null };
}

/** Latencies come first: they are the question, and a capacity is a known answer. */
function stopText(helping: readonly Judged[]): Pick<Finding, 'headline' | 'short'> {
  const atLatencies = helping.filter(({ capacity }) => capacity === undefined);
  const told = atLatencies.length > 0 ? atLatencies : helping;
  const limits = told.map(({ knee }) => knee.limit);
  const [least, most] = [Math.min(...limits), Math.max(...limits)];
  const stop = least === most ? String(least) : `${least} to ${most}`;
  const [gain, place] = [formatShare(GAIN), placeOf(told)];
  if (told.every(({ isLargest }) => isLargest))
    return {
      headline: `More requests in flight gained ${gain} up to the largest limit tested: ${stop} ${place}.`,
      short: `more in flight gained ${gain} up to the largest: ${stop}`,
    };
  const more = told.some(({ isLargest }) => isLargest)
    ? `no larger limit tested gains ${gain}`
    : `more gains less than ${gain}`;
  return {
    headline: `Stop at ${stop} requests in flight ${place}: ${more}.`,
    short: `stop at ${stop} in flight ${place}`,
  };
}

function detailOf(judged: Judged): string {
  const { knee, row, helps, isLargest } = judged;
  const place = leadOf(judged);
  if (!helps) return `${place}, concurrency did not measurably help.`;
  const stop = `stop at ${knee.limit} (${knee.low} to ${knee.high})${isLargest ? ', the largest tested' : ''}`;
  return `${place}, ${stop}. The throughput is then ${metricText(row, STEADY)} a second, at ${boundText(row)}.`;
}

function batchFinding(batches: readonly Sweep[]): Finding {
  const requests = requestsOf(batches);
  const [whole, waves, ...gains] = batchSentences(batches);
  return {
    headline: whole!,
    short: `with ${requests} requests, the batch sets the limit`,
    details: [waves!, ...gains],
  };
}

function batchDetails(batches: readonly Sweep[]): string[] {
  if (batches.length === 0) return [];
  const [whole, waves, ...gains] = batchSentences(batches);
  return [`${whole} ${waves}`, ...gains];
}

/** That the batch sets the best limit, why that is so, and what the largest limits gain. */
function batchSentences(batches: readonly Sweep[]): string[] {
  const requests = requestsOf(batches);
  const gains = ends(batches).map((sweep) => {
    const row = sweep.rows.at(-1)!;
    return `${leadOf(sweep)}, ${row.variant} is ${speedText(row)}, at ${boundText(row)}.`;
  });
  return [
    `With ${requests} requests, the batch and not the target sets the best limit ${placeOf(batches)}.`,
    `A limit is judged by ${LEAST_WAVES} waves: ${requests} requests have them up to ${Math.floor(requests / LEAST_WAVES)} in flight.`,
    ...gains,
  ];
}

/** The most requests of a batch. */
function requestsOf(sweeps: readonly Sweep[]): number {
  return Math.max(...sweeps.flatMap(({ rows }) => rows.map(({ target }) => target.requests)));
}

/** As in `(10 ms to 20 ms latency)`, or `where the target serves 4 at once`. */
function placeOf(sweeps: readonly Sweep[]): string {
  const atLatencies = sweeps.filter(({ capacity }) => capacity === undefined);
  const [first, last] = [atLatencies[0], atLatencies.at(-1)];
  if (first === undefined) return `where the target serves ${sweeps[0]!.capacity} at once`;
  return `(${first === last ? first.group : `${first.group} to ${last!.group}`} latency)`;
}

function leadOf({ group, capacity }: Sweep): string {
  return capacity === undefined ? `At ${group} latency` : `Where the target serves ${capacity} at once`;
}

function ends<Item>(items: readonly Item[]): Item[] {
  return [...new Set([items[0], items.at(-1)])].flatMap((item) => item ?? []);
}
