import type { Strategy } from '../../harness/model/job.ts';

/** Starts every job at once, without a limit. */
export const promiseAll: Strategy = (jobs, run) => Promise.all(jobs.map((job) => run(job)));
