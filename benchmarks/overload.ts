import { plain } from '../harness/findings/general.ts';
import { judge } from '../harness/findings/judge.ts';
import { metricText, metricValue } from '../harness/findings/metrics.ts';
import { count, longText } from '../harness/findings/wording.ts';
import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { Batch } from '../harness/model/job.ts';
import type { Metric, Row } from '../harness/model/row.ts';
import type { SampleTarget } from '../harness/model/target.ts';
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

const GOODPUT: Metric = {
  name: 'goodputPerSecond',
  unit: 'per second',
  better: 'higher',
  heading: 'served a second',
};
const WASTED: Metric = { name: 'wastedShare', unit: 'share', better: 'lower', heading: 'wasted' };
const LOST: Metric = { name: 'failedJobs', unit: 'count', better: 'lower', heading: 'jobs lost' };
const NO_FILE: Metric = { name: 'EMFILEAttempts', unit: 'count', better: 'lower', heading: 'EMFILE' };

export default defineExperiment<OverloadWorkload>({
  title: 'Overload',
  question: 'What does it cost to send more than the other side, or this process, can take?',
  brief: 'what is lost?',
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
      // Rejected requests may use any connection and are not counted.
      connections: { atMost: limit },
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
  metrics: [
    GOODPUT,
    WASTED,
    {
      ...{ name: 'latencyP99Ms', unit: 'ms', better: 'lower', heading: '99 % latency' },
      percentile: { share: 0.99, countedBy: 'servedJobs' },
    },
    { name: 'latencyMaxMs', unit: 'ms', better: 'lower', heading: 'slowest' },
    LOST,
    { name: 'refusedAttempts', unit: 'count', better: 'lower', heading: '503' },
    NO_FILE,
    { name: 'otherAttempts', unit: 'count', better: 'lower' },
    { name: 'servedJobs', unit: 'count', better: 'higher' },
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
      says: ({ own }) => goodputOfRetries(own),
      groups: [CAPACITY_GROUP],
      x: { title: 'served a second', scale: 'linear' },
      series: [{ figure: 'goodputPerSecond', title: 'served a second' }],
    },
  ],
  finding: ({ own }) => findingOf(own),
});

function nameOf(strategy: string, tries: number): string {
  return tries === 1 ? strategy : `${strategy} + retry`;
}

/** Only where a POSIX shell can lower the open-file limit. */
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
    // undici opens a further connection if it has not yet noticed that another is free again.
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
  // The page at / does not need a place at the target, so all connections can open.
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

function findingOf(rows: readonly Row[]): Finding | null {
  const members = rows.filter(({ group }) => group === CAPACITY_GROUP);
  const bounded = members.find(({ baseline }) => baseline);
  const unbounded = members.find(({ variant }) => variant === 'promise-all');
  const retrying = members.find(({ variant }) => variant === nameOf('promise-all', MAX_ATTEMPTS));
  if (bounded === undefined || unbounded === undefined || retrying === undefined) return null;
  const lost = whole(unbounded, LOST);
  if (lost === 0)
    return plain(
      'The target took all requests at once: this run shows no need for a limit.',
      'the target took all requests at once',
    );
  if (lost <= whole(bounded, LOST))
    return plain(
      "Behind a semaphore at the target's capacity, not fewer jobs are turned away than all at once.",
      'a semaphore at capacity loses not fewer jobs',
    );
  const turnedAway = `${lost} of ${count(lost + unbounded.target.requests, 'job')}`;
  return {
    headline: `Limit concurrency to the target's capacity: all at once, it turns away ${turnedAway}.`,
    short: `all at once, the target turns away ${turnedAway}`,
    details: [
      `Behind a semaphore at that capacity, it turns away ${wholeOrNone(bounded, LOST)}.`,
      `${slownessOf(retrying, bounded)}. Retries waste ${metricText(retrying, WASTED)} of the requests.`,
      ...detailOfFiles(rows),
    ],
  };
}

/** The effect of retries on the goodput of the target. */
function goodputOfRetries(rows: readonly Row[]): string {
  const bounded = rows.find(({ group, baseline }) => group === CAPACITY_GROUP && baseline);
  const retrying = rows.find(({ variant }) => variant === nameOf('promise-all', MAX_ATTEMPTS));
  if (bounded === undefined || retrying === undefined) return '';
  const served = (row: Row) => metricText(row, GOODPUT);
  return `Answers a second: ${served(bounded)} behind a semaphore, ${served(retrying)} all at once with retries.`;
}

/** Rounds a median of counts, which may lie between two counts. */
function whole(row: Row, metric: Metric): number {
  return Math.round(metricValue(row, metric));
}

function wholeOrNone(row: Row, metric: Metric): string {
  return String(whole(row, metric) || 'none');
}

function slownessOf(own: Row, other: Row): string {
  const { verdict } = judge(own);
  const retries = 'All at once with retries';
  if (verdict === 'unproven') return 'What time retries take is not proven';
  return verdict === 'slower'
    ? `${retries} takes ${longText(own, other)} as the semaphore`
    : `${retries} is not measurably slower than the semaphore`;
}

/** Says nothing if no row could lower the open-file limit; the record has the reason. */
function detailOfFiles(rows: readonly Row[]): string[] {
  const members = rows.filter(({ group }) => group === FILES_GROUP);
  const bounded = members.find(({ baseline }) => baseline);
  const unbounded = members.find(({ baseline }) => !baseline);
  if (bounded === undefined || unbounded === undefined) return [];
  const { files } = unbounded.parameters;
  const failed = whole(unbounded, NO_FILE);
  if (failed === 0) return [`With at most ${files} open files nothing failed, with a semaphore or without.`];
  return [
    `With at most ${files} open files, ${count(failed, 'request')} failed with EMFILE; behind a semaphore, ${wholeOrNone(bounded, NO_FILE)} did.`,
  ];
}
