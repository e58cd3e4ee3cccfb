import type { Strategy } from '../../harness/model/job.ts';

/**
 * Starts jobs in sequence and yields after each, so that requests leave while the next job computes; at most `limit` jobs
 * are in progress.
 *
 * @param limit a whole number from 1
 * @throws TypeError if it is not
 */
export function interleaved(limit: number): Strategy {
  if (!Number.isInteger(limit) || limit < 1)
    throw new TypeError(`A limit is a whole number from 1, not ${limit}.`);
  return async (jobs, run) => {
    const results = [];
    let underWay = 0;
    let ended = () => {};
    const leave = () => {
      underWay -= 1;
      ended();
    };
    for (const job of jobs) {
      while (underWay >= limit) {
        await new Promise<void>((resolve) => {
          ended = resolve;
        });
      }
      underWay += 1;
      const result = run(job);
      result.then(leave, leave);
      results.push(result);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return Promise.all(results);
  };
}
