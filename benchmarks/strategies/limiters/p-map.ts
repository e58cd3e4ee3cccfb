import pMap from 'p-map';
import type { Limiter } from '../../../harness/model/job.ts';

/** p-map takes the next job from the list when one ends; nothing is queued. */
const byPMap: Limiter = (limit, signal) => (jobs, run) =>
  pMap(jobs, (job) => run(job), { concurrency: limit, ...(signal === undefined ? {} : { signal }) });

export default byPMap;
