import type { Job, Limiter, RunJob } from '../../../harness/model/job.ts';

/**
 * `limit` loops that share one list: each takes the next job when its last one is done. This is the core of most
 * libraries, in a few lines.
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
