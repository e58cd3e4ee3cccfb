import { join } from 'node:path';
import { plain } from '../harness/findings/general.ts';
import { judge, rank } from '../harness/findings/judge.ts';
import { commonMetric, hasMetric, metricText, metricValue } from '../harness/findings/metrics.ts';
import { formatRatio, formatShare } from '../harness/findings/numbers.ts';
import { boundText, listOf, longText, namesOf } from '../harness/findings/wording.ts';
import { type FolderModule, modulesIn } from '../harness/folder-modules.ts';
import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { Batch, LazyStrategy, Limiter } from '../harness/model/job.ts';
import type { Metric, Row } from '../harness/model/row.ts';
import type { SampleTarget } from '../harness/model/target.ts';
import { timesAsLong } from '../harness/statistics/speedup.ts';
import { createPool } from './clients/exchange.ts';
import { openTasks } from './clients/idle-tasks.ts';
import { openCrawl } from './clients/undici-crawl.ts';
import { behaviourOf } from './probes/limiter-behaviour.ts';
import { promiseAll } from './strategies/promise-all.ts';

interface LimitersWorkload extends Workload {
  /** Numbers of tasks without I/O. */
  readonly tasks: readonly number[];
  readonly requests: number;
  /** The median delay; some requests take many times as long. */
  readonly delayMs: number;
  readonly sigma: number;
  readonly limit: number;
}

const UNLIMITED = 'no limit';
const CHUNKS = 'chunks';
const P_LIMIT = 'p-limit';
const WAITING = 'uneven latency';

const COST = commonMetric('timePerJobMs');
/** The number of queued tasks that start after a failure or an abort. */
const AFTER_FAILURE: Metric = {
  name: 'startedAfterFailure',
  unit: 'count',
  better: 'lower',
  heading: 'after failure',
};
const AFTER_ABORT: Metric = {
  name: 'startedAfterAbort',
  unit: 'count',
  better: 'lower',
  heading: 'after an abort',
};

/** Each file is one limiter, which is imported when its row is set up. These come first in tables and charts. */
const LIMITERS = modulesIn(join(import.meta.dirname, 'strategies/limiters'), [
  ...[P_LIMIT, 'p-map', 'p-queue', 'async-sema', 'fastq', 'promise-pool', 'bottleneck'],
  ...['adaptive', 'workers', CHUNKS],
]);

/** Limiters with a timer per task wait for more than 2 ms per task at any limit, so they get fewer tasks. */
const MOST_TASKS: Readonly<Record<string, number>> = { bottleneck: 1000 };

export default defineExperiment<LimitersWorkload>({
  title: 'Limiters',
  question: 'Which limiter should keep concurrency in bounds?',
  brief: 'which one?',
  profiles: {
    smoke: { rounds: 1, warmUpRounds: 0, tasks: [100], requests: 30, delayMs: 2, sigma: 1, limit: 5 },
    quick: {
      ...{ rounds: 8, otherRounds: 6, warmUpRounds: 1, tasks: [100, 10_000] },
      ...{ requests: 60, delayMs: 4, sigma: 1, limit: 10 },
      repeats: { '10000 tasks no limit': 6, '10000 tasks p-limit': 6 },
    },
    book: {
      ...{ rounds: 10, warmUpRounds: 1, tasks: [100, 1000, 10_000, 100_000] },
      ...{ requests: 1000, delayMs: 20, sigma: 1, limit: 50 },
    },
  },
  // A fixed seed gives the same latencies, and so the same work, in every run.
  targets: ({ sigma }) => ({ uneven: { distribution: 'lognormal', sigma, seed: 1 } }),
  variants(workload) {
    return [...workload.tasks.flatMap((tasks) => schedulers(tasks, workload)), ...waiters(workload)];
  },
  metrics: [
    { ...COST, heading: 'a task' },
    { name: 'heapPerTaskBytes', unit: 'bytes', better: 'lower', heading: 'heap queued' },
    AFTER_FAILURE,
    AFTER_ABORT,
    { name: 'hangsAfterAbort', unit: 'count', better: 'lower', heading: 'hangs' },
  ],
  charts: [
    { kind: 'speedup', view: 'uneven', groups: [WAITING], says: ({ own }) => findingOf(own)?.headline ?? '' },
    {
      kind: 'lines',
      view: 'overhead',
      says: ({ own }) => costOf(own),
      line: 'variant',
      groups: [100, 1000, 10_000, 100_000].map(groupOf),
      x: { parameter: 'tasks', title: 'tasks', scale: 'log' },
      left: { title: 'time of a task (ms)', scale: 'log' },
      series: [{ figure: 'timePerJobMs', title: 'time of a task' }],
    },
  ],
  finding: ({ own }) => findingOf(own),
});

function groupOf(tasks: number): string {
  return `${tasks} tasks`;
}

/** @throws if the file has no limiter as its default export, or its library is missing */
async function load(limiter: FolderModule): Promise<Limiter> {
  const loaded = await limiter.load();
  if (typeof loaded !== 'function')
    throw new Error(`${limiter.file} has no limiter as its default export, a function of the limit.`);
  return loaded as Limiter;
}

function limited(limiter: FolderModule, limit: number): LazyStrategy {
  return { load: async () => (await load(limiter))(limit) };
}

/** Idle tasks: only the limiter and the harness's work per job take time. */
function schedulers(tasks: number, { tasks: all, limit }: LimitersWorkload): Variant[] {
  const variant = (id: string, strategy: Variant['strategy'], atOnce: number): Variant => ({
    id,
    group: groupOf(tasks),
    strategy,
    jobs: tasks,
    limit: atOnce,
    parameters: { tasks },
    connections: { used: 0, opened: 0 },
    bound: () => 0,
    served: () => [],
    estimateMs: tasks / 200,
    open: async () => openTasks(tasks, atOnce),
  });
  return [
    { ...variant(UNLIMITED, promiseAll, tasks), baseline: true },
    ...LIMITERS.flatMap((limiter): Variant[] => {
      const id = limiter.name;
      const row = variant(id, limited(limiter, limit), limit);
      const tried = all.filter((number) => number <= (MOST_TASKS[id] ?? Number.POSITIVE_INFINITY));
      if (!tried.includes(tasks)) return [];
      if (tasks !== Math.max(...tried)) return [row];
      const open: Variant['open'] = async (target) => withBehaviour(limiter, await row.open(target));
      return [{ ...row, headline: id === P_LIMIT, open }];
    }),
  ];
}

const behaviours = new Map<string, ReturnType<typeof behaviourOf>>();

/** A limiter's behaviour after a failure does not depend on time, so it is tested once per process. */
async function withBehaviour(limiter: FolderModule, batch: Batch): Promise<Batch> {
  const behaviour = behaviours.get(limiter.name) ?? load(limiter).then(behaviourOf);
  behaviours.set(limiter.name, behaviour);
  const found = await behaviour;
  return { ...batch, metrics: () => found };
}

/** Requests with very different latencies. */
function waiters({ requests, delayMs, sigma, limit }: LimitersWorkload): Variant[] {
  const variant = (id: string, strategy: Variant['strategy']): Variant => ({
    id,
    group: WAITING,
    strategy,
    jobs: requests,
    limit,
    connections: { atMost: limit, opened: 0 },
    // The mean of a log-normal distribution is exp(sigma² / 2) times its median.
    estimateMs: (requests / limit) * delayMs * Math.exp(sigma ** 2 / 2) * (id === CHUNKS ? 3 : 1),
    open: (target) => openCrawl(target, { requests, delayMs, connections: limit }),
  });
  return [
    ...LIMITERS.map((limiter) => ({
      ...variant(limiter.name, limited(limiter, limit)),
      baseline: limiter.name === P_LIMIT,
      headline: limiter.name === CHUNKS,
    })),
    // A pool accepts all requests and queues those over its number of connections.
    {
      ...variant('undici connections', promiseAll),
      open: (target: SampleTarget) =>
        openCrawl(target, { requests, delayMs, connections: limit, dispatcher: createPool(target, limit) }),
    },
  ];
}

function findingOf(rows: readonly Row[]): Finding | null {
  const find = (name: string) => rows.find(({ group, variant }) => group === WAITING && variant === name);
  const [chunks, limiter] = [find(CHUNKS), find(P_LIMIT)];
  if (chunks === undefined || limiter === undefined) return null;
  const { verdict } = judge(chunks);
  if (verdict === 'unproven') return null;
  if (verdict !== 'slower')
    return plain(
      'Waiting for each chunk as a whole was not measurably slower than a limiter.',
      'chunks were not measurably slower than a limiter',
    );
  const times = formatRatio(timesAsLong(chunks, limiter).value);
  return {
    headline: `Use any limiter but chunks of Promise.all: those take ${times} as long where latencies vary.`,
    short: `chunks take ${times} as long where latencies vary`,
    details: [
      `Chunks take ${longText(chunks, limiter)} as ${P_LIMIT}: ${boundText(chunks, 'their')} instead of ${formatShare(limiter.efficiency)}.`,
      ...[costOf(rows), behaviourOfAll(rows)].filter((sentence) => sentence !== ''),
    ],
  };
}

function tasksOf({ parameters }: Row): number {
  return Number(parameters.tasks ?? 0);
}

/** The overhead of the limiters in the largest group without I/O. */
function costOf(rows: readonly Row[]): string {
  const most = Math.max(...rows.map(tasksOf));
  const ranking = rank(rows.filter((row) => most > 0 && tasksOf(row) === most && !row.baseline));
  if (ranking === null) return '';
  const { fastest, slowest } = ranking;
  const cost = (row: Row) => metricText(row, COST);
  if (slowest === null) return `With ${most} idle tasks, the overhead of all limiters is tied.`;
  const tied = fastest.length === 1 ? '' : ' (tied)';
  const names = namesOf(fastest, fastest.length > 2 ? 1 : 2);
  return (
    `Least overhead for ${most} idle tasks: ${names}${tied}, ${cost(fastest[0])} each. ` +
    `Most: ${slowest.variant}, ${cost(slowest)}.`
  );
}

/** How limiters treat queued tasks after a failure or an abort. */
function behaviourOfAll(rows: readonly Row[]): string {
  const tried = rows.filter((row) => hasMetric(row, AFTER_FAILURE));
  if (tried.length === 0) return '';
  const stops = tried.filter((row) =>
    [AFTER_FAILURE, AFTER_ABORT].every((metric) => metricValue(row, metric) === 0),
  );
  const after = 'After a failure or an abort';
  if (stops.length === 0) return `${after}, every limiter starts queued tasks.`;
  if (stops.length === tried.length) return `${after}, no limiter starts a queued task.`;
  const names = listOf(stops.map(({ variant }) => variant));
  return `${after}, only ${names} ${stops.length === 1 ? 'starts' : 'start'} no queued task.`;
}
