import { PromisePool } from '@supercharge/promise-pool';
import type { Job, Limiter, RunJob } from '../../../harness/model/job.ts';

/** @supercharge/promise-pool collects errors unless it is told to throw them, and is stopped from within a job. */
const byPromisePool: Limiter =
  (limit, signal) =>
  async <Result>(jobs: readonly Job<Result>[], run: RunJob) => {
    const { results } = await PromisePool.withConcurrency(limit)
      .for([...jobs])
      .useCorrespondingResults()
      .handleError((error) => {
        throw error;
      })
      .process((job, _position, pool) => {
        if (signal?.aborted) pool.stop();
        return run(job);
      });
    return results as Result[];
  };

export default byPromisePool;
