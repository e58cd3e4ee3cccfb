import { join } from 'node:path';
import { type FolderModule, modulesIn } from '../harness/folder-modules.ts';
import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Batch, LazyStrategy, Limiter } from '../harness/model/job.ts';
import type { Row } from '../harness/model/row.ts';
import { formatMetric, ratioDigits } from '../harness/report/text.ts';
import { openTasks } from './clients/idle-tasks.ts';
import { openCrawl } from './clients/undici-crawl.ts';
import { behaviourOf } from './probes/limiter-behaviour.ts';
import { promiseAll } from './strategies/promise-all.ts';

interface LimitersWorkload extends Workload {
  /** Numbers of tasks without I/O. */
  readonly tasks: readonly number[];
  readonly requests: number;
  /** The median; some take many times as long. */
  readonly delayMs: number;
  readonly sigma: number;
  readonly limit: number;
}

const UNLIMITED = 'no limit';
const CHUNKS = 'chunks';
const P_LIMIT = 'p-limit';
const WAITING = 'uneven latency';

/** Each file is one limiter, which is imported when a row of it is set up. These come first in tables and charts. */
const LIMITERS = modulesIn(join(import.meta.dirname, 'strategies/limiters'), [
  ...[P_LIMIT, 'p-map', 'p-queue', 'async-sema', 'fastq', 'promise-pool', 'bottleneck'],
  ...['workers', CHUNKS],
]);

/** A timer or two for each task make it wait for more than 2 ms, whatever the limit. */
const MOST_TASKS: Readonly<Record<string, number>> = { bottleneck: 1000 };

export default defineExperiment<LimitersWorkload>({
  title: 'Limiters',
  question: 'Which limiter should keep concurrency in bounds?',
  profiles: {
    smoke: { rounds: 1, warmUpRounds: 0, tasks: [100], requests: 30, delayMs: 2, sigma: 1, limit: 5 },
    quick: {
      ...{ rounds: 6, warmUpRounds: 1, tasks: [100, 10_000] },
      ...{ requests: 60, delayMs: 4, sigma: 1, limit: 10 },
    },
    book: {
      ...{ rounds: 10, warmUpRounds: 1, tasks: [100, 1000, 10_000, 100_000] },
      ...{ requests: 1000, delayMs: 20, sigma: 1, limit: 50 },
    },
  },
  // The same latencies in every run: another seed would be other work.
  targets: ({ sigma }) => ({ uneven: { distribution: 'lognormal', sigma, seed: 1 } }),
  variants(workload) {
    return [...workload.tasks.flatMap((tasks) => schedulers(tasks, workload)), ...waiters(workload)];
  },
  columns: [
    { metric: 'timePerJobMs', heading: 'a task' },
    { metric: 'heapPerTaskBytes', heading: 'heap queued' },
    { metric: 'startedAfterFailure', heading: 'after failure' },
    { metric: 'startedAfterAbort', heading: 'after an abort' },
    { metric: 'hangsAfterAbort', heading: 'hangs' },
  ],
  charts: [
    { kind: 'speedup', view: 'uneven', groups: [WAITING], says: findingOfChunks },
    {
      kind: 'lines',
      view: 'overhead',
      says: findingOfOverhead,
      line: 'variant',
      groups: [100, 1000, 10_000, 100_000].map(groupOf),
      x: { parameter: 'tasks', title: 'tasks', scale: 'log' },
      left: { title: 'time of a task (ms)', scale: 'log' },
      series: [{ figure: 'timePerJobMs', title: 'time of a task' }],
    },
  ],
  finding: (rows) =>
    [findingOfChunks(rows), findingOfOverhead(rows), findingOfBehaviour(rows)]
      .filter((sentence) => sentence !== '')
      .join(' '),
});

function groupOf(tasks: number): string {
  return `${tasks} tasks`;
}

/** @throws where the file has no limiter as its default export, or its library is not there */
async function load(limiter: FolderModule): Promise<Limiter> {
  const loaded = await limiter.load();
  if (typeof loaded !== 'function')
    throw new Error(`${limiter.file} has no limiter as its default export, a function of the limit.`);
  return loaded as Limiter;
}

function limited(limiter: FolderModule, limit: number): LazyStrategy {
  return { load: async () => (await load(limiter))(limit) };
}

/** Tasks that do nothing: all that takes time is the limiter, and what the harness does for each job. */
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

/** What a limiter does when a task fails follows from no clock, and is tried once a process. */
async function withBehaviour(limiter: FolderModule, batch: Batch): Promise<Batch> {
  const behaviour = behaviours.get(limiter.name) ?? load(limiter).then(behaviourOf);
  behaviours.set(limiter.name, behaviour);
  const found = await behaviour;
  return { ...batch, metrics: () => found };
}

/** Requests of which some take many times as long as others. */
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
    // A pool of so many connections takes whatever comes, and queues it itself.
    variant('undici connections', promiseAll),
  ];
}

function findingOfChunks(rows: readonly Row[]): string {
  const row = rows.find(({ group, variant }) => group === WAITING && variant === CHUNKS);
  const beside = rows.find(({ group, variant }) => group === WAITING && variant === P_LIMIT);
  if (row === undefined || beside === undefined) return '';
  const { low, high, value } = row.speedup;
  if (low === null || high === null) return 'Too few rounds for an interval: nothing is proven about chunks.';
  if (high >= 1) return 'To wait for each chunk as a whole was not measurably slower than a limit.';
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const times = (ratio: number) => ratioDigits(1 / ratio);
  return (
    `Where some requests take much longer than others, chunks of Promise.all take ${times(value)} times as long as ` +
    `${P_LIMIT} (95 % interval ${times(high)} to ${times(low)}): ${percent(row.efficiency)} of what is possible instead of ` +
    `${percent(beside.efficiency)}.`
  );
}

function tasksOf(row: Row): number {
  return Number(row.parameters.tasks ?? 0);
}

/** The limiters of the largest group without I/O, the fastest first. */
function byOverhead(rows: readonly Row[]): Row[] {
  const most = Math.max(...rows.map(tasksOf));
  return rows
    .filter((row) => most > 0 && tasksOf(row) === most && !row.baseline)
    .toSorted((one, other) => other.speedup.value - one.speedup.value);
}

function findingOfOverhead(rows: readonly Row[]): string {
  const [first, ...others] = byOverhead(rows);
  const last = others.at(-1);
  if (first === undefined || last === undefined) return '';
  const { low } = first.speedup;
  if (low === null) return '';
  const tied = others.filter(({ speedup }) => speedup.high === null || speedup.high >= low);
  const costOf = ({ metrics }: Row) => formatMetric('timePerJobMs', metrics.timePerJobMs);
  const cheapest =
    tied.length === 0
      ? `${first.variant} costs least, ${costOf(first)} a task`
      : `${[first, ...tied].map(({ variant }) => variant).join(', ')} cost least and cannot be told apart, ${costOf(first)} a task`;
  const most = `${last.variant} costs most, ${costOf(last)}`;
  const few = behaving(rows)
    .filter((row) => tasksOf(row) < tasksOf(first))
    .map((row) => `; ${row.variant}, ${costOf(row)}, was tried with ${tasksOf(row)} at most`);
  return `Of ${tasksOf(first)} tasks that do nothing, ${cheapest}; ${most}${few.join('')}.`;
}

/** The row of each limiter that has what it does besides limiting. */
function behaving(rows: readonly Row[]): Row[] {
  return rows.filter(({ metrics }) => metrics.startedAfterFailure !== undefined);
}

function findingOfBehaviour(rows: readonly Row[]): string {
  const tried = behaving(rows);
  if (tried.length === 0) return '';
  const namesWith = (metric: string) => {
    const names = tried.filter(({ metrics }) => (metrics[metric] ?? 0) > 0).map(({ variant }) => variant);
    return names.length === 0 ? 'none' : names.toSorted().join(', ');
  };
  return (
    `After a failure these start what is queued all the same: ${namesWith('startedAfterFailure')}; after an abort: ` +
    `${namesWith('startedAfterAbort')}.`
  );
}
