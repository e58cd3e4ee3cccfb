import { promise as createQueue } from 'fastq';
import type { Job, Limiter, RunJob } from '../../../harness/model/job.ts';

/** fastq calls one worker function for each job that is pushed. */
const byFastq: Limiter =
  (limit, signal) =>
  <Result>(jobs: readonly Job<Result>[], run: RunJob) => {
    const queue = createQueue((job: Job<Result>) => run(job), limit);
    signal?.addEventListener('abort', () => queue.abort(), { once: true });
    return Promise.all(jobs.map((job) => queue.push(job)));
  };

export default byFastq;
