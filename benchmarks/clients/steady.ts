import type { Batch } from '../../harness/model/job.ts';
import type { Metric } from '../../harness/model/row.ts';
import { steadyPerSecond } from '../../harness/statistics/steady.ts';

/** The throughput without the filling and the draining of a batch; rows with too few waves lack it. */
export const STEADY: Metric = {
  name: 'steadyPerSecond',
  unit: 'per second',
  better: 'higher',
  heading: 'steady a second',
};

/**
 * Adds the metric {@link STEADY} to a batch. The target's clock tells when each answer left, so nothing is added to what is
 * measured.
 *
 * @param limit at most this many jobs at once
 */
export function withSteadyThroughput(batch: Batch, limit: number): Batch {
  return {
    ...batch,
    metrics(results, evidence) {
      const endsMs = evidence.requests.flatMap(({ releasedMs }) => releasedMs ?? []);
      const steady = steadyPerSecond(endsMs, limit);
      return { ...batch.metrics?.(results, evidence), ...(steady === null ? {} : { [STEADY.name]: steady }) };
    },
  };
}
