import { quantile } from 'simple-statistics';
import { plain } from '../harness/findings/general.ts';
import { judgeMetric } from '../harness/findings/judge.ts';
import { hasMetric, metricText, metricValue } from '../harness/findings/metrics.ts';
import { formatTime } from '../harness/findings/numbers.ts';
import { joinParts, listOf } from '../harness/findings/wording.ts';
import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { Batch, ComputeSpan } from '../harness/model/job.ts';
import type { Metric, Row } from '../harness/model/row.ts';
import type { SampleTarget } from '../harness/model/target.ts';
import { chainJobs, openChains } from './clients/chains.ts';
import { openVisitors } from './clients/visitors.ts';
import { computeInSlices, stepsFor } from './compute/cpu.ts';
import { YIELDS, yieldCostMs } from './compute/yields.ts';
import { promiseAll } from './strategies/promise-all.ts';

interface YieldingWorkload extends Workload {
  /** The number of chains of requests, and the hold of each request. */
  readonly chains: number;
  readonly delayMs: number;
  /** For the rows about how to yield: the CPU work of a sample, and the time between yields. */
  readonly howMs: number;
  readonly howSliceMs: number;
  /** For the rows about how often to yield: the CPU work of a sample, and the times between yields. */
  readonly oftenMs: number;
  readonly slicesMs: readonly number[];
}

const HOW = 'how';
const HOW_OFTEN = 'how often';
const NEVER = 'never';
const HEADLINE_SLICE_MS = 5;
/** The number of yields whose mean is the cost of one. */
const COST_SAMPLE = 100;
/** The longest acceptable request time, as a multiple of that with the finest slices. */
const TOLERANCE = 2;

const WORK: Metric = { name: 'workMs', unit: 'ms', better: 'lower', heading: 'CPU work' };
const YIELD_COST: Metric = { name: 'yieldCostMs', unit: 'ms', better: 'lower', heading: 'a yield' };
const ANSWERS: Metric = {
  name: 'requestsDuringWork',
  unit: 'count',
  better: 'higher',
  heading: 'answers during work',
};
/** The time from a request's start until its answer is read, in this process. */
const LATENCY: Metric = { name: 'latencyP50Ms', unit: 'ms', better: 'lower', heading: 'out' };

export default defineExperiment<YieldingWorkload>({
  title: 'Yielding',
  question: 'How, and how often, must CPU work give way so that I/O goes on?',
  brief: 'how often?',
  profiles: {
    smoke: {
      ...{ rounds: 2, warmUpRounds: 0, chains: 3, delayMs: 5 },
      ...{ howMs: 20, howSliceMs: 0.5, oftenMs: 50, slicesMs: [5, 25] },
    },
    quick: {
      ...{ rounds: 8, otherRounds: 6, warmUpRounds: 0, chains: 10, delayMs: 20 },
      repeats: { 'every 5 ms': 2 },
      ...{ howMs: 25, howSliceMs: 0.5, oftenMs: 100, slicesMs: [1, 5, 25, 50] },
    },
    book: {
      ...{ rounds: 7, warmUpRounds: 1, chains: 10, delayMs: 20 },
      ...{ howMs: 500, howSliceMs: 0.5, oftenMs: 1500, slicesMs: [1, 2, 5, 10, 25, 50, 100, 250] },
    },
  },
  variants(workload) {
    const { chains, delayMs, howMs, howSliceMs, oftenMs, slicesMs } = workload;
    const variant = (group: string, id: string, task: Omit<YieldingTask, 'chains' | 'delayMs'>): Variant => ({
      id,
      group,
      baseline: id === NEVER,
      headline: task.sliceMs === HEADLINE_SLICE_MS,
      parameters: { sliceMs: task.sliceMs },
      strategy: promiseAll,
      // One job per chain, and one for the CPU work.
      jobs: chains + 1,
      limit: chains,
      connections: { atMost: chains },
      bound: ({ computeMs }) => computeMs,
      // The number of requests is a result of the measurement.
      served: (results) => chainJobs(results.slice(0, chains).map(Number)),
      sameResults: false,
      estimateMs: task.totalMs + delayMs + 100,
      open: (target) => openYielding(target, { chains, delayMs, ...task }),
    });
    return [
      variant(HOW, NEVER, { totalMs: howMs, sliceMs: howSliceMs, how: null, visited: false }),
      ...Object.keys(YIELDS).map((how) =>
        variant(HOW, how, { totalMs: howMs, sliceMs: howSliceMs, how, visited: false }),
      ),
      variant(HOW_OFTEN, NEVER, { totalMs: oftenMs, sliceMs: oftenMs, how: null, visited: true }),
      ...slicesMs.map((sliceMs) =>
        variant(HOW_OFTEN, `every ${sliceMs} ms`, {
          totalMs: oftenMs,
          sliceMs,
          how: 'setImmediate',
          visited: true,
        }),
      ),
    ];
  },
  // A row that lets no request run finishes sooner than one that does.
  unequalWork: { [HOW]: 'requestsDuringWork', [HOW_OFTEN]: 'requestsDuringWork' },
  metrics: [
    WORK,
    YIELD_COST,
    { name: 'requestsPerYield', unit: 'count', better: 'higher', heading: 'answers a yield' },
    ANSWERS,
    LATENCY,
    {
      ...{ name: 'latencyP99Ms', unit: 'ms', better: 'lower', heading: 'out 99 %' },
      percentile: { share: 0.99, countedBy: 'requests' },
    },
    { name: 'latencyMaxMs', unit: 'ms', better: 'lower', heading: 'out slowest' },
    { name: 'visitP50Ms', unit: 'ms', better: 'lower', heading: 'in' },
    {
      ...{ name: 'visitP99Ms', unit: 'ms', better: 'lower', heading: 'in 99 %' },
      percentile: { share: 0.99, countedBy: 'visits' },
    },
    { name: 'visitMaxMs', unit: 'ms', better: 'lower', heading: 'in slowest' },
    { name: 'visits', unit: 'count', better: 'neither' },
  ],
  charts: [
    {
      kind: 'lines',
      view: 'how-often',
      says: ({ own }) => findingOf(own)?.headline ?? '',
      groups: [HOW_OFTEN],
      line: 'group',
      x: { parameter: 'sliceMs', title: 'CPU work between two yields (ms)', scale: 'log' },
      left: { title: 'time of a request of 20 ms (ms)', scale: 'log' },
      right: { title: 'time of the CPU work / without yielding', scale: 'linear' },
      series: [
        { figure: 'latencyP50Ms', title: 'request out, median' },
        { figure: 'latencyMaxMs', title: 'request out, slowest' },
        { figure: 'visitP50Ms', title: 'request in, median' },
        { figure: 'visitMaxMs', title: 'request in, slowest' },
        { figure: 'workMs', title: 'CPU work', relativeTo: NEVER, axis: 'right' },
      ],
    },
    {
      kind: 'bars',
      view: 'how',
      says: ({ own }) => waysOf(own)?.advice ?? '',
      groups: [HOW],
      x: { title: 'requests answered while the CPU work went on', scale: 'linear' },
      series: [{ figure: 'requestsDuringWork', title: 'answers' }],
    },
  ],
  finding: ({ own }) => findingOf(own),
});

interface YieldingTask {
  readonly chains: number;
  readonly delayMs: number;
  readonly totalMs: number;
  readonly sliceMs: number;
  /** A name in YIELDS, or null. */
  readonly how: string | null;
  /** Whether visitors use a server in this process meanwhile. */
  readonly visited: boolean;
}

async function openYielding(target: SampleTarget, task: YieldingTask): Promise<Batch> {
  const { chains, delayMs, totalMs, sliceMs, how, visited } = task;
  const requests = await openChains(target, chains, delayMs);
  const visitors = visited ? await openVisitors(chains, delayMs) : null;
  const way = how === null ? null : YIELDS[how]!();
  const costMs = way === null ? 0 : await yieldCostMs(way, COST_SAMPLE);
  // The first call calibrates the CPU work.
  stepsFor(1);
  let spans: ComputeSpan[] = [];
  let visitsMs: readonly number[] = [];
  let duringWork = 0;
  const work = async (job: number): Promise<string> => {
    visitors?.start();
    spans = await computeInSlices(job, totalMs, sliceMs, way?.giveWay ?? null);
    duringWork = requests.latenciesMs.length;
    requests.stop();
    visitsMs = (await visitors?.stop()) ?? [];
    return 'computed';
  };
  return {
    jobs: [
      ...Array.from({ length: chains }, (_, chain) => ({
        id: chain,
        send: async () => String(await requests.run(chain)),
      })),
      { id: chains, send: () => work(chains) },
    ],
    computeSpans: () => spans,
    metrics: () => ({
      workMs: spans.at(-1)!.toMs - spans[0]!.fromMs,
      requestsDuringWork: duringWork,
      latencyP50Ms: quantile([...requests.latenciesMs], 0.5),
      latencyP99Ms: quantile([...requests.latenciesMs], 0.99),
      latencyMaxMs: Math.max(...requests.latenciesMs),
      ...(way === null || visited
        ? {}
        : { yieldCostMs: costMs, requestsPerYield: duringWork / Math.max(1, spans.length - 1) }),
      ...(visited
        ? {
            visitP50Ms: quantile([...visitsMs], 0.5),
            visitP99Ms: quantile([...visitsMs], 0.99),
            visitMaxMs: Math.max(...visitsMs),
            visits: visitsMs.length,
          }
        : {}),
    }),
    cancel: (reason) => void requests.close(reason).catch(() => {}),
    async close() {
      way?.release();
      await Promise.all([requests.close(), visitors?.close()]);
    },
  };
}

/** The ways of yielding that let I/O run, and the cheapest of them. */
function waysOf(rows: readonly Row[]): { readonly advice: string; readonly sentence: string | null } | null {
  const ways = rows.filter((row) => row.group === HOW && !row.baseline && hasMetric(row, YIELD_COST));
  const served = ways.filter((row) => metricValue(row, ANSWERS) > 0);
  const starved = ways.filter((row) => !served.includes(row));
  const [cheapest] = served.toSorted(
    (one, other) => metricValue(one, YIELD_COST) - metricValue(other, YIELD_COST),
  );
  if (ways.length === 0) return null;
  if (cheapest === undefined) return { advice: 'No way of yielding lets I/O run.', sentence: null };
  const names = (some: readonly Row[]) => listOf(some.map(({ variant }) => variant));
  if (starved.length === 0) return { advice: 'I/O runs with every way of yielding.', sentence: null };
  return {
    advice: `Use ${cheapest.variant}: I/O runs, at the lowest cost measured, ${metricText(cheapest, YIELD_COST)} a yield.`,
    sentence: `I/O runs with ${names(served)}; it does not with ${names(starved)}.`,
  };
}

/** How often to yield: the coarsest slice at which a median request takes at most twice as long as at the finest. */
function slicesOf(rows: readonly Row[]) {
  const never = rows.find((row) => row.group === HOW_OFTEN && row.baseline);
  const sliceOf = (row: Row) => Number(row.parameters.sliceMs);
  const ordered = rows
    .filter((row) => row.group === HOW_OFTEN && !row.baseline)
    .toSorted((one, other) => sliceOf(one) - sliceOf(other));
  const [finest, coarsest] = [ordered[0], ordered.at(-1)];
  if (never === undefined || finest === undefined || coarsest === undefined) return null;
  const limitMs = TOLERANCE * metricValue(finest, LATENCY);
  const fair = ordered.findLast((row) => metricValue(row, LATENCY) <= limitMs) ?? finest;
  return { never, fair, coarsest, sliceMs: sliceOf(fair) };
}

function findingOf(rows: readonly Row[]): Finding | null {
  const [ways, slices] = [waysOf(rows), slicesOf(rows)];
  if (slices === null) return null;
  const { never, fair, coarsest, sliceMs } = slices;
  const verdict = judgeMetric(fair, never, LATENCY);
  if (verdict === 'unproven') return plain('Nothing is proven about how often to yield.');
  const every = formatTime(sliceMs).replace(/\.?0+ /, ' ');
  const [latency, without] = [fair, never].map((row) => metricText(row, LATENCY));
  const most = fair === coarsest ? ', the longest slice tested' : '';
  const gains = verdict === 'better';
  return {
    headline: gains
      ? `Yield every ${every}${most}: a median request takes ${latency}, and ${without} without yielding.`
      : `Yielding gains nothing measurable: a median request takes ${latency}, and ${without} without it.`,
    short: gains ? `yield every ${every}: a request takes ${latency}` : 'yielding gains nothing measurable',
    details: [
      joinParts([
        `With a yield every ${every}, the CPU work is ${longerText(fair, never)}.`,
        fair === coarsest
          ? null
          : `With one ${coarsest.variant}, a median request takes ${metricText(coarsest, LATENCY)}.`,
      ]),
      ...(ways === null ? [] : [ways.advice, ways.sentence]).filter((said) => said !== null),
    ],
  };
}

function longerText(own: Row, other: Row): string {
  if (judgeMetric(own, other, WORK) !== 'worse') return 'not measurably longer';
  const longer = Math.round((metricValue(own, WORK) / metricValue(other, WORK) - 1) * 100);
  return `${longer < 1 ? 'less than 1' : longer} % longer`;
}
