import type { Job, Limiter, RunJob } from '../../../harness/model/job.ts';

/**
 * As many loops as may run at once, which share one list: each takes the next job when its last one is done. What most
 * of the libraries do, in a few lines of one's own.
 */
const workers: Limiter =
  (limit, signal) =>
  async <Result>(jobs: readonly Job<Result>[], run: RunJob) => {
    const results = new Array<Result>(jobs.length);
    const left = jobs.entries();
    const work = async () => {
      for (const [position, job] of left) {
        signal?.throwIfAborted();
        results[position] = await run(job);
      }
    };
    await Promise.all(Array.from({ length: Math.min(limit, jobs.length) }, work));
    return results;
  };

export default workers;
