import type { Strategy } from '../../harness/model/job.ts';

/**
 * At most `limit` jobs at once without a promise for each, as Tornado programs were written before coroutines: the
 * callback of each job starts the next one.
 *
 * @param limit a whole number from 1
 * @throws TypeError if it is not
 */
export function callbacks(limit: number): Strategy {
  if (!Number.isInteger(limit) || limit < 1)
    throw new TypeError(`A limit is a whole number from 1, not ${limit}.`);
  return <Result>(jobs: Parameters<Strategy>[0], run: Parameters<Strategy>[1]) =>
    new Promise<Result[]>((resolve, reject) => {
      const results = new Array<Result>(jobs.length);
      let next = 0;
      let left = jobs.length;
      const startNext = () => {
        const position = next;
        const job = jobs[position];
        if (job === undefined) return;
        next += 1;
        run.call(job, (error, result) => {
          if (error !== null) return reject(error);
          results[position] = result as Result;
          left -= 1;
          if (left === 0) resolve(results);
          else startNext();
        });
      };
      if (jobs.length === 0) resolve(results);
      for (let started = 0; started < Math.min(limit, jobs.length); started++) startNext();
    });
}
