import type { Limiter } from '../../../harness/model/job.ts';
import { adaptiveLimit } from '../adaptive/adaptive-limit.ts';

/** A limiter that finds its limit by itself, up to the one that is given; a new job starts whenever one ends. */
const adaptive: Limiter = (limit, signal) => (jobs, run) => {
  const limited = adaptiveLimit({ max: limit });
  signal?.addEventListener('abort', () => limited.clearQueue(signal.reason), { once: true });
  return Promise.all(jobs.map((job) => limited(() => run(job))));
};

export default adaptive;
