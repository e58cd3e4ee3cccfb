import type { Strategy } from '../../harness/model/job.ts';

/** Runs jobs in sequence: each wait costs its full time. */
export const serial: Strategy = async (jobs, run) => {
  const results = [];
  for (const job of jobs) results.push(await run(job));
  return results;
};
