import type { Strategy } from '../../harness/model/job.ts';

/**
 * Does the CPU work of `size` jobs, then sends them all at once and waits for all of them, and so on: CPU and
 * waiting take turns.
 *
 * @param size how many jobs a batch has, a whole number from 1
 * @throws TypeError where it is none
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
