import PQueue from 'p-queue';
import type { Limiter } from '../../../harness/model/job.ts';

/** p-queue holds a function for each job, with a priority. */
const byPQueue: Limiter = (limit, signal) => (jobs, run) => {
  const queue = new PQueue({ concurrency: limit });
  return queue.addAll(
    jobs.map((job) => () => run(job)),
    signal === undefined ? {} : { signal },
  );
};

export default byPQueue;
