import type { Strategy } from '../../harness/model/job.ts';

/**
 * Does the CPU work of `size` jobs, sends them all at once, waits for all of them, and repeats: CPU work and waiting take
 * turns.
 *
 * @param size the jobs per batch, a whole number from 1
 * @throws TypeError if it is not
 */
export function batches(size: number): Strategy {
  if (!Number.isInteger(size) || size < 1)
    throw new TypeError(`The size of a batch is a whole number from 1, not ${size}.`);
  return async (jobs, run) => {
    const results = [];
    for (let from = 0; from < jobs.length; from += size) {
      const batch = jobs.slice(from, from + size);
      for (const job of batch) run.compute(job);
      results.push(...(await Promise.all(batch.map((job) => run(job)))));
    }
    return results;
  };
}
