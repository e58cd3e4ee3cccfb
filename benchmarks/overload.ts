import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Batch } from '../harness/model/job.ts';
import type { Row } from '../harness/model/row.ts';
import type { SampleTarget } from '../harness/model/target.ts';
import { ratioDigits } from '../harness/report/text.ts';
import { exchange, jobPath, openPool } from './clients/exchange.ts';
import { openFewFiles } from './clients/few-files.ts';
import { type Attempt, countOutcomes, MAX_ATTEMPTS, servedJobs } from './clients/outcomes.ts';
import { promiseAll } from './strategies/promise-all.ts';
import { semaphore } from './strategies/semaphore.ts';

interface OverloadWorkload extends Workload {
  readonly requests: number;
  readonly delayMs: number;
  readonly capacity: number;
  readonly queue: number;
  readonly files: number;
  readonly filesRequests: number;
  readonly filesLimit: number;
}

const CAPACITY_GROUP = 'capacity';
const FILES_GROUP = 'open files';

export default defineExperiment<OverloadWorkload>({
  title: 'Overload',
  question: 'What does it cost to send more than the other side, or this process, can take?',
  profiles: {
    smoke: {
      ...{ rounds: 1, warmUpRounds: 0, requests: 30, delayMs: 5, capacity: 5, queue: 10 },
      ...{ files: 128, filesRequests: 150, filesLimit: 20 },
    },
    quick: {
      ...{ rounds: 6, warmUpRounds: 0, requests: 40, delayMs: 20, capacity: 10, queue: 10 },
      ...{ files: 128, filesRequests: 200, filesLimit: 50 },
    },
    book: {
      ...{ rounds: 7, warmUpRounds: 1, requests: 300, delayMs: 50, capacity: 20, queue: 80 },
      ...{ files: 256, filesRequests: 500, filesLimit: 100 },
    },
  },
  targets: ({ capacity, queue }) => ({ small: { capacity, queue }, large: {} }),
  variants(workload) {
    const { requests, delayMs, capacity, queue } = workload;
    const limited = (limit: number, tries: number, baseline = false): Variant => ({
      id: nameOf(limit === requests ? 'promise-all' : `semaphore@${limit}`, tries),
      group: CAPACITY_GROUP,
      target: 'small',
      baseline,
      control: baseline,
      headline: tries > 1,
      parameters: { limit, tries },
      strategy: limit === requests ? promiseAll : semaphore(limit),
      jobs: requests,
      limit,
      // What is turned away may come over any of them, and is not counted.
      connections: { atMost: limit },
      // No more are worked on than the target has places, whoever waits.
      bound: ({ holds, requests: served, limit: most }) => {
        const atOnce = Math.min(most, capacity);
        return Math.max(Math.ceil(served / atOnce) * holds.shortestMs, holds.totalMs / atOnce);
      },
      served: servedJobs,
      sameResults: limit <= capacity + queue,
      estimateMs:
        (requests / Math.min(limit, capacity)) * delayMs + (tries > 1 && limit > capacity + queue ? 1000 : 0),
      open: (target) => openOverload(target, { requests, delayMs, limit, tries }),
    });
    return [
      limited(capacity, 1, true),
      limited(Math.ceil(capacity / 2), 1),
      limited(capacity + queue, 1),
      limited(requests, 1),
      limited(requests, MAX_ATTEMPTS),
      ...fewFilesVariants(workload),
    ];
  },
  columns: [
    { metric: 'goodputPerSecond', heading: 'served a second' },
    { metric: 'wastedShare', heading: 'wasted' },
    { metric: 'latencyP99Ms', heading: '99 % latency' },
    { metric: 'failedJobs', heading: 'jobs lost' },
    { metric: 'refusedAttempts', heading: '503' },
    { metric: 'EMFILEAttempts', heading: 'EMFILE' },
  ],
  charts: [
    {
      kind: 'bars',
      view: 'attempts',
      x: { title: 'requests', scale: 'linear' },
      series: [
        { figure: 'servedJobs', title: 'served' },
        { figure: 'refusedAttempts', title: 'turned away (503)' },
        { figure: 'EMFILEAttempts', title: 'no open file left (EMFILE)' },
      ],
    },
    {
      kind: 'bars',
      view: 'goodput',
      says: goodputOfRetries,
      groups: [CAPACITY_GROUP],
      x: { title: 'served a second', scale: 'linear' },
      series: [{ figure: 'goodputPerSecond', title: 'served a second' }],
    },
  ],
  finding: (rows) => [findingOfCapacity(rows), findingOfFiles(rows)].filter((part) => part !== '').join(' '),
});

function nameOf(strategy: string, tries: number): string {
  return tries === 1 ? strategy : `${strategy} + retry`;
}

/** Without a POSIX shell the limit cannot be lowered. */
function fewFilesVariants({ files, filesRequests, filesLimit, delayMs }: OverloadWorkload): Variant[] {
  if (process.platform === 'win32') return [];
  const variant = (id: string, strategy: Variant['strategy'], limit: number, baseline: boolean): Variant => ({
    id,
    group: FILES_GROUP,
    target: 'large',
    baseline,
    control: baseline,
    parameters: { limit, files },
    strategy,
    jobs: filesRequests,
    limit,
    // undici opens one more where it has not yet seen that another is free again.
    connections: { atMost: files },
    served: servedJobs,
    sameResults: baseline,
    estimateMs: 300 + Math.ceil(filesRequests / limit) * delayMs,
    open: (target) => openFewFiles(target, { requests: filesRequests, delayMs, files }),
  });
  return [
    variant(`semaphore@${filesLimit}`, semaphore(filesLimit), filesLimit, true),
    variant('promise-all', promiseAll, filesRequests, false),
  ];
}

interface Overload {
  readonly requests: number;
  readonly delayMs: number;
  readonly limit: number;
  readonly tries: number;
}

async function openOverload(
  target: SampleTarget,
  { requests, delayMs, limit, tries }: Overload,
): Promise<Batch> {
  // The page for people needs no place, so that as many connections open as are asked for.
  const pool = await openPool(target, limit, '/');
  const attempt = (job: number) =>
    new Promise<Attempt>((resolve, reject) => {
      exchange(pool, { path: jobPath(target, delayMs, job) }, (error, answer) => {
        if (error !== null || answer === undefined) return reject(error);
        const { status, text, retryAfterSeconds } = answer;
        if (status === 200) resolve({ kind: 'served', text });
        else if (status === 503) resolve({ kind: 'refused', retryAfterMs: (retryAfterSeconds ?? 0) * 1000 });
        else reject(new Error(`The target answered ${status}: ${text}`));
      });
    });
  return countOutcomes(requests, tries, attempt, {
    cancel: (reason) => void pool.destroy(reason).catch(() => {}),
    close: () => pool.destroy(),
  });
}

function findingOfCapacity(all: readonly Row[]): string {
  const rows = all.filter(({ group }) => group === CAPACITY_GROUP);
  const bounded = rows.find(({ baseline }) => baseline);
  const unbounded = rows.find(({ variant }) => variant === 'promise-all');
  const retrying = rows.find(({ variant }) => variant === nameOf('promise-all', MAX_ATTEMPTS));
  if (bounded === undefined || unbounded === undefined || retrying === undefined) return '';
  const lost = unbounded.metrics.failedJobs ?? 0;
  if (lost === 0) return 'The target took everything at once: nothing here speaks for a semaphore.';
  const total = lost + unbounded.target.requests;
  const wasted = ((retrying.metrics.wastedShare ?? 0) * 100).toFixed(0);
  return (
    `Sent all at once, ${lost} of ${total} jobs are turned away, and ${bounded.metrics.failedJobs ?? 0} behind a semaphore at ` +
    `the target's capacity; to try them again when it asks for that ${slownessOf(retrying)}, and wastes ${wasted} % of the requests.`
  );
}

/** What trying again makes of what the target can serve. */
function goodputOfRetries(rows: readonly Row[]): string {
  const bounded = rows.find(({ group, baseline }) => group === CAPACITY_GROUP && baseline);
  const retrying = rows.find(({ variant }) => variant === nameOf('promise-all', MAX_ATTEMPTS));
  if (bounded === undefined || retrying === undefined) return '';
  const served = ({ metrics }: Row) => (metrics.goodputPerSecond ?? 0).toFixed(0);
  return (
    `At the target's capacity, a semaphore gets ${served(bounded)} answers a second; all at once, with what was turned ` +
    `away tried again, it is ${served(retrying)}.`
  );
}

function slownessOf({ speedup: { value, low, high } }: Row): string {
  if (low === null || high === null) return 'takes a time that too few rounds prove';
  if (high >= 1) return 'is not measurably slower';
  const times = (ratio: number) => ratioDigits(1 / ratio);
  return `takes ${times(value)} times as long as the semaphore (95 % interval ${times(high)} to ${times(low)})`;
}

function findingOfFiles(all: readonly Row[]): string {
  const rows = all.filter(({ group }) => group === FILES_GROUP);
  const bounded = rows.find(({ baseline }) => baseline);
  const unbounded = rows.find(({ baseline }) => !baseline);
  if (bounded === undefined || unbounded === undefined)
    return 'How an open-file limit is reached was not measured: this system has no shell to lower it.';
  const lost = unbounded.metrics.EMFILEAttempts ?? 0;
  const files = unbounded.parameters.files;
  if (lost === 0) return `With ${files} open files nothing failed, bounded or not.`;
  return `With ${files} open files, ${lost} unbounded requests fail with EMFILE, and ${bounded.metrics.EMFILEAttempts ?? 0} behind a semaphore.`;
}
