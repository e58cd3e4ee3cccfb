import type { Strategy } from '../../harness/model/job.ts';

/** Every job at once, however many there are. */
export const promiseAll: Strategy = (jobs, run) => Promise.all(jobs.map((job) => run(job)));
