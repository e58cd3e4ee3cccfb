import { monitorEventLoopDelay } from 'node:perf_hooks';
import { quantile } from 'simple-statistics';
import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Batch, ComputeSpan } from '../harness/model/job.ts';
import type { Row } from '../harness/model/row.ts';
import type { SampleTarget } from '../harness/model/target.ts';
import { formatMetric } from '../harness/report/text.ts';
import { chainJobs, openChains } from './clients/chains.ts';
import { openVisitors } from './clients/visitors.ts';
import { computeInSlices, stepsFor } from './compute/cpu.ts';
import { YIELDS, yieldCostMs } from './compute/yields.ts';
import { promiseAll } from './strategies/promise-all.ts';

interface YieldingWorkload extends Workload {
  /** How many chains of requests there are, and how long each request is held. */
  readonly chains: number;
  readonly delayMs: number;
  /** CPU work of a sample, and how often it gives way, when the question is how. */
  readonly howMs: number;
  readonly howSliceMs: number;
  /** CPU work of a sample when the question is how often, and after how much of it way is given. */
  readonly oftenMs: number;
  readonly slicesMs: readonly number[];
}

const HOW = 'how';
const HOW_OFTEN = 'how often';
const NEVER = 'never';
const HEADLINE_SLICE_MS = 5;
/** Yields of which the cost of one is the mean. */
const COST_SAMPLE = 100;
/** A rule lets requests take at most so many times their own time. */
const TOLERANCE = 2;

export default defineExperiment<YieldingWorkload>({
  title: 'Yielding',
  question: 'How, and how often, must CPU work give way so that I/O goes on?',
  profiles: {
    smoke: {
      ...{ rounds: 2, warmUpRounds: 0, chains: 3, delayMs: 5 },
      ...{ howMs: 20, howSliceMs: 0.5, oftenMs: 50, slicesMs: [5, 25] },
    },
    quick: {
      ...{ rounds: 6, warmUpRounds: 0, chains: 10, delayMs: 20 },
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
      // The chains and the CPU work.
      jobs: chains + 1,
      limit: chains,
      connections: { atMost: chains },
      bound: ({ computeMs }) => computeMs,
      // How many requests there are is what is measured.
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
  // A row that lets no request run is done sooner than one that does.
  unequalWork: { [HOW]: 'requestsDuringWork', [HOW_OFTEN]: 'requestsDuringWork' },
  columns: [
    { metric: 'workMs', heading: 'CPU work' },
    { metric: 'yieldCostMs', heading: 'a yield' },
    { metric: 'requestsPerYield', heading: 'answers a yield' },
    { metric: 'requestsDuringWork', heading: 'answers during work' },
    { metric: 'latencyP50Ms', heading: 'out' },
    { metric: 'latencyP99Ms', heading: 'out 99 %' },
    { metric: 'visitP50Ms', heading: 'in' },
    { metric: 'visitP99Ms', heading: 'in 99 %' },
  ],
  charts: [
    {
      kind: 'lines',
      view: 'how-often',
      says: findingOfHowOften,
      groups: [HOW_OFTEN],
      line: 'group',
      x: { parameter: 'sliceMs', title: 'CPU work between two yields (ms)', scale: 'log' },
      left: { title: 'time of a request of 20 ms (ms)', scale: 'log' },
      right: { title: 'time of the CPU work / without yielding', scale: 'linear' },
      series: [
        { figure: 'latencyP50Ms', title: 'request out, median' },
        { figure: 'latencyP99Ms', title: 'request out, 99 %' },
        { figure: 'visitP50Ms', title: 'request in, median' },
        { figure: 'visitP99Ms', title: 'request in, 99 %' },
        { figure: 'workMs', title: 'CPU work', relativeTo: NEVER, axis: 'right' },
      ],
    },
    {
      kind: 'bars',
      view: 'how',
      says: findingOfHow,
      groups: [HOW],
      x: { title: 'requests answered while the CPU work went on', scale: 'linear' },
      series: [{ figure: 'requestsDuringWork', title: 'answers' }],
    },
  ],
  finding: (rows) => [findingOfHow(rows), findingOfHowOften(rows)].filter((part) => part !== '').join(' '),
});

interface YieldingTask {
  readonly chains: number;
  readonly delayMs: number;
  readonly totalMs: number;
  readonly sliceMs: number;
  /** A name in YIELDS, or null. */
  readonly how: string | null;
  /** Whether others visit a server inside this process meanwhile. */
  readonly visited: boolean;
}

async function openYielding(target: SampleTarget, task: YieldingTask): Promise<Batch> {
  const { chains, delayMs, totalMs, sliceMs, how, visited } = task;
  const requests = await openChains(target, chains, delayMs);
  const visitors = visited ? await openVisitors(chains, delayMs) : null;
  const way = how === null ? null : YIELDS[how]!();
  const costMs = way === null ? 0 : await yieldCostMs(way, COST_SAMPLE);
  // The first one learns how fast the processor is.
  stepsFor(1);
  const loopDelay = monitorEventLoopDelay({ resolution: 5 });
  let spans: ComputeSpan[] = [];
  let visitsMs: readonly number[] = [];
  let duringWork = 0;
  const work = async (job: number): Promise<string> => {
    visitors?.start();
    loopDelay.enable();
    spans = await computeInSlices(job, totalMs, sliceMs, way?.giveWay ?? null);
    duringWork = requests.latenciesMs.length;
    requests.stop();
    visitsMs = (await visitors?.stop()) ?? [];
    loopDelay.disable();
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
      ...(way === null || visited
        ? {}
        : { yieldCostMs: costMs, requestsPerYield: duringWork / Math.max(1, spans.length - 1) }),
      ...(visited
        ? { visitP50Ms: quantile([...visitsMs], 0.5), visitP99Ms: quantile([...visitsMs], 0.99) }
        : {}),
      loopDelayP99Ms: loopDelay.percentile(99) / 1e6,
    }),
    cancel: (reason) => void requests.close(reason).catch(() => {}),
    async close() {
      way?.release();
      await Promise.all([requests.close(), visitors?.close()]);
    },
  };
}

function findingOfHow(all: readonly Row[]): string {
  const rows = all.filter((row) => row.group === HOW && !row.baseline);
  if (rows.length === 0) return '';
  const serves = (row: Row) => (row.metrics.requestsDuringWork ?? 0) > 0;
  const list = (some: readonly Row[]) => some.map(({ variant }) => variant).join(', ');
  const [served, starved] = [rows.filter(serves), rows.filter((row) => !serves(row))];
  if (served.length === 0) return 'No way of yielding let a request be answered while the CPU work went on.';
  const cheapest = served.toSorted(
    (one, other) => (one.metrics.yieldCostMs ?? 0) - (other.metrics.yieldCostMs ?? 0),
  )[0]!;
  const starving =
    starved.length === 0
      ? 'I/O runs with every way of yielding'
      : `With ${list(starved)} no I/O runs; with ${list(served)} it does`;
  const cost = formatMetric('yieldCostMs', cheapest.metrics.yieldCostMs);
  return `${starving}, and ${cheapest.variant} is the cheapest of them (${cost}).`;
}

function findingOfHowOften(all: readonly Row[]): string {
  const rows = all.filter((row) => row.group === HOW_OFTEN && !row.baseline);
  const never = all.find((row) => row.group === HOW_OFTEN && row.baseline);
  if (rows.length === 0 || never === undefined) return '';
  const sliceOf = (row: Row) => Number(row.parameters.sliceMs);
  const ordered = rows.toSorted((one, other) => sliceOf(one) - sliceOf(other));
  const [finest, coarsest] = [ordered[0]!, ordered.at(-1)!];
  const median = (row: Row) => row.metrics.latencyP50Ms ?? 0;
  const slower = (row: Row) => ((row.metrics.workMs ?? 0) / (never.metrics.workMs ?? 1) - 1) * 100;
  const work = (percent: number) =>
    percent === 0 ? 'no longer' : `${Math.abs(percent)} % ${percent > 0 ? 'longer' : 'less'}`;
  const costs = (row: Row) =>
    `a median request takes ${formatMetric('latencyP50Ms', median(row))} and the CPU work ${work(Math.round(slower(row)))}`;
  const limit = median(finest) * TOLERANCE;
  const fair = ordered.filter((row) => (row.metrics.latencyP99Ms ?? 0) <= limit).at(-1);
  if (fair === coarsest)
    return `Even slices of ${sliceOf(coarsest)} ms do not double the time of a request: yielding more often gains nothing here.`;
  const rule =
    fair === undefined
      ? `No slice keeps the slowest hundredth of requests within ${TOLERANCE} times their median, not even ${sliceOf(finest)} ms`
      : `Yield every ${sliceOf(fair)} ms: ${costs(fair)}`;
  return `${rule}; every ${sliceOf(coarsest)} ms, ${costs(coarsest)}.`;
}
