import pLimit from 'p-limit';
import type { Limiter } from '../../../harness/model/job.ts';

/**
 * At most `limit` jobs at once by p-limit; a new one starts whenever one ends.
 *
 * @param limit how many jobs may run at once, a whole number from 1
 */
const byPLimit: Limiter = (limit, signal) => (jobs, run) => {
  const limited = pLimit({ concurrency: limit, rejectOnClear: true });
  signal?.addEventListener('abort', () => limited.clearQueue(), { once: true });
  return limited.map(jobs, (job) => run(job));
};

export default byPLimit;
