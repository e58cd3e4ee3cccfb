import { Sema } from 'async-sema';
import type { Limiter } from '../../../harness/model/job.ts';

/** A semaphore that each job acquires by itself; async-sema cannot cancel waiting jobs. */
const byAsyncSema: Limiter = (limit) => (jobs, run) => {
  const semaphore = new Sema(limit, { capacity: jobs.length });
  return Promise.all(
    jobs.map(async (job) => {
      await semaphore.acquire();
      try {
        return await run(job);
      } finally {
        semaphore.release();
      }
    }),
  );
};

export default byAsyncSema;
