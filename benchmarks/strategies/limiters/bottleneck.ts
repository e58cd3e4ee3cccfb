import Bottleneck from 'bottleneck';
import type { Limiter } from '../../../harness/model/job.ts';

/** Bottleneck also limits rates, and keeps a record of each job for that. */
const byBottleneck: Limiter = (limit, signal) => (jobs, run) => {
  const limiter = new Bottleneck({ maxConcurrent: limit });
  const stop = () => limiter.stop({ dropWaitingJobs: true }).catch(() => {});
  signal?.addEventListener('abort', stop, { once: true });
  return Promise.all(jobs.map((job) => limiter.schedule(() => run(job))));
};

export default byBottleneck;
