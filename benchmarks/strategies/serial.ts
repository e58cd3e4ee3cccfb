import type { Strategy } from '../../harness/model/job.ts';

/** One job after the other: each wait is paid in full. */
export const serial: Strategy = async (jobs, run) => {
  const results = [];
  for (const job of jobs) results.push(await run(job));
  return results;
};
