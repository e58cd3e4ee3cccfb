import { quantile } from 'simple-statistics';
import type { Batch } from '../../../harness/model/job.ts';
import type { Metric } from '../../../harness/model/row.ts';
import type { Evidence, SampleTarget } from '../../../harness/model/target.ts';
import { exchange, jobPath, openPool } from '../exchange.ts';
import type { ChangingTarget } from './schedules.ts';

export const REFUSED: Metric = { name: 'refusedShare', unit: 'share', better: 'lower', heading: 'refused' };

/** What batches report besides times. */
export const METRICS: readonly Metric[] = [
  REFUSED,
  { name: 'excessInFlight', unit: 'count', better: 'lower', heading: 'excess in flight' },
  { name: 'settleMs', unit: 'ms', better: 'lower', heading: 'to within 10 %' },
  {
    ...{ name: 'latencyP95Ms', unit: 'ms', better: 'lower', heading: '95 % latency' },
    percentile: { share: 0.95, countedBy: 'requests' },
  },
];

const REFUSAL = 'refused';

/** How long the target asks a client to wait, if the result of a job says that it was refused; otherwise null. */
export function restMsOf(result: unknown): number | null {
  if (typeof result !== 'string' || !result.startsWith(REFUSAL)) return null;
  return Number(result.slice(REFUSAL.length)) * 1000;
}

/** The work of a sample. */
export interface ChangingWork {
  readonly target: ChangingTarget;
  readonly delayMs: number;
  /** How many requests may be in flight at most. */
  readonly connections: number;
}

/**
 * A batch of requests to a target that changes. A refused one resolves at once, to what {@link restMsOf} reads.
 *
 * @throws if its connections cannot be opened
 */
export async function openChangingWork(
  address: SampleTarget,
  { target, delayMs, connections }: ChangingWork,
): Promise<Batch> {
  // The page at / needs no place, and does not start the schedule.
  const pool = await openPool(address, connections, '/');
  const latenciesMs: number[] = [];
  let refused = 0;
  const send = (id: number) =>
    new Promise<string>((resolve, reject) => {
      const startMs = performance.now();
      exchange(pool, { path: jobPath(address, delayMs, id) }, (error, answer) => {
        if (error !== null || answer === undefined) return reject(error);
        if (answer.status === 200) {
          latenciesMs.push(performance.now() - startMs);
          // Not the text: its latency is another one in each row.
          return resolve(`job ${id}`);
        }
        if (answer.status !== 429 && answer.status !== 503)
          return reject(new Error(`The target answered ${answer.status}: ${answer.text}`));
        refused += 1;
        resolve(`${REFUSAL}${answer.retryAfterSeconds ?? 0}`);
      });
    });
  return {
    jobs: Array.from({ length: target.jobs }, (_, id) => ({ id, send: () => send(id) })),
    cancel: (reason) => void pool.destroy(reason).catch(() => {}),
    close: () => pool.destroy(),
    metrics: (_results, evidence) => ({
      [REFUSED.name]: refused / (refused + latenciesMs.length),
      latencyP95Ms: quantile(latenciesMs, 0.95),
      ...inFlightFigures(evidence, target),
    }),
  };
}

/** How the requests in flight at the target compare with the limit that fits. */
export function inFlightFigures(
  { requests }: Pick<Evidence, 'requests'>,
  { limitAt, stepsMs }: Pick<ChangingTarget, 'limitAt' | 'stepsMs'>,
): { readonly excessInFlight: number; readonly settleMs: number } {
  const changes = requests
    .flatMap(({ arrivedMs, releasedMs }) => [
      { ms: arrivedMs, by: 1 },
      { ms: releasedMs ?? arrivedMs, by: -1 },
    ])
    .sort((one, other) => one.ms - other.ms);
  const firstMs = changes[0]?.ms ?? 0;
  const wholeMs = (changes.at(-1)?.ms ?? 0) - firstMs;
  const steps = stepsMs.filter((ms) => ms < wholeMs);
  const settled = new Map<number, number>();
  let inFlight = 0;
  let excess = 0;
  for (const [index, { ms, by }] of changes.entries()) {
    inFlight += by;
    const atMs = ms - firstMs;
    const limit = limitAt(atMs);
    const untilMs = changes[index + 1]?.ms ?? ms;
    excess += Math.max(0, inFlight - limit) * (untilMs - ms);
    const step = steps.findLast((stepMs) => stepMs <= atMs);
    if (step !== undefined && !settled.has(step) && Math.abs(inFlight - limit) <= limit * 0.1)
      settled.set(step, atMs - step);
  }
  // One that it never settled after lasted until the next.
  const times = steps.map((step, index) => settled.get(step) ?? (steps[index + 1] ?? wholeMs) - step);
  const sum = times.reduce((total, ms) => total + ms, 0);
  return { excessInFlight: wholeMs === 0 ? 0 : excess / wholeMs, settleMs: sum / Math.max(1, times.length) };
}
