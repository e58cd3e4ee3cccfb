import pLimit from 'p-limit';
import type { Strategy } from '../../harness/model.ts';

/**
 * At most `limit` jobs at once; a new one starts whenever one ends.
 *
 * @param limit how many jobs may run at once, a whole number from 1
 */
export function semaphore(limit: number): Strategy {
  return (jobs, run) => pLimit(limit).map(jobs, (job) => run(job));
}
