import type { Strategy } from '../../../harness/model/job.ts';
import type { Limited } from './limited.ts';

/**
 * Runs every job within a limiter, and a refused job again, at the end of the queue, until it is served.
 *
 * @param make makes the limiter of a batch
 * @param isRefused whether the result of a job says that it was refused
 */
export function untilServed(make: () => Limited, isRefused: (result: unknown) => boolean): Strategy {
  return (jobs, run) => {
    const limited = make();
    return Promise.all(
      jobs.map(async (job) => {
        for (;;) {
          const result = await limited(() => run(job));
          if (!isRefused(result)) return result;
        }
      }),
    );
  };
}
