import { setTimeout as wait } from 'node:timers/promises';
import { quantile } from 'simple-statistics';
import type { Batch } from '../../harness/model/job.ts';

/** The outcome of one attempt to send a request. */
export type Attempt =
  | { readonly kind: 'served'; readonly text: string }
  /** Rejected by the target, which asks to retry after this time. */
  | { readonly kind: 'refused'; readonly retryAfterMs: number }
  /** The request did not reach the target; the code is that of the system, as in `EMFILE`. */
  | { readonly kind: 'failed'; readonly code: string };

/** The most attempts per job. */
export const MAX_ATTEMPTS = 20;

/**
 * A batch of jobs that may fail without failing the batch. Metrics: `goodputPerSecond` (served jobs), `wastedShare`
 * (failed attempts of all attempts), `latencyP99Ms` and `latencyMaxMs` (from a job's first attempt to its answer),
 * `failedJobs` (jobs without an answer), and failed attempts by kind (`refusedAttempts`, `EMFILEAttempts` and
 * `otherAttempts`).
 *
 * @param tries the most attempts per job; between them a job waits as long as the target asks for
 */
export function countOutcomes(
  jobs: number,
  tries: number,
  attempt: (job: number) => Promise<Attempt>,
  given: Pick<Batch, 'cancel' | 'close'>,
): Batch {
  const counts: Record<string, number> = {};
  const latenciesMs: number[] = [];
  let attempts = 0;
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = 0;
  const send = async (job: number): Promise<string> => {
    const startMs = performance.now();
    firstMs = Math.min(firstMs, startMs);
    const result = await sendUntilServed(job, startMs);
    lastMs = performance.now();
    return result;
  };
  const sendUntilServed = async (job: number, startMs: number): Promise<string> => {
    for (let tried = 1; ; tried++) {
      attempts += 1;
      const outcome = await attempt(job);
      if (outcome.kind === 'served') {
        latenciesMs.push(performance.now() - startMs);
        return outcome.text;
      }
      const name = counterOf(outcome);
      counts[name] = (counts[name] ?? 0) + 1;
      if (outcome.kind === 'failed' || tried === tries) return FAILED;
      await wait(outcome.retryAfterMs);
    }
  };
  return {
    jobs: Array.from({ length: jobs }, (_, id) => ({ id, send: () => send(id) })),
    ...given,
    metrics(results) {
      const served = servedJobs(results).length;
      return {
        goodputPerSecond: (served / (lastMs - firstMs)) * 1000,
        wastedShare: (attempts - served) / attempts,
        latencyP99Ms: latenciesMs.length === 0 ? 0 : quantile(latenciesMs, 0.99),
        latencyMaxMs: Math.max(0, ...latenciesMs),
        failedJobs: jobs - served,
        servedJobs: served,
        refusedAttempts: 0,
        EMFILEAttempts: 0,
        otherAttempts: 0,
        ...counts,
      };
    },
  };
}

/** The metric that counts this kind of attempt. */
function counterOf(outcome: Exclude<Attempt, { readonly kind: 'served' }>): string {
  if (outcome.kind === 'refused') return 'refusedAttempts';
  return outcome.code === 'EMFILE' ? 'EMFILEAttempts' : 'otherAttempts';
}

/** The result of a job without an answer. */
const FAILED = '';

/** The ids of the jobs that were served. */
export function servedJobs(results: readonly string[]): number[] {
  return results.flatMap((result, job) => (result === FAILED ? [] : [job]));
}
