/**
 * Requests below a base URL, `/base/:run/:ms/`, from clients that add paths of their own. Such paths name no job, so the
 * requests of a sample are its jobs in the order of arrival.
 */
import type { Static } from 'typebox';
import type { DelayRequest } from './delay.ts';
import type { BasePath } from './parameters.ts';

/** Reads requests below a base URL. */
export interface BaseRequests {
  /** Numbers a request and reads its delay. */
  read(path: Pick<Static<typeof BasePath>, 'run' | 'ms'>): DelayRequest;
  /** Numbers the requests of each sample from 0 again. */
  reset(): void;
}

/** Starts with 0 for each sample. */
export function createBaseRequests(): BaseRequests {
  const arrivals = new Map<string, number>();
  return {
    read({ run, ms }) {
      const job = arrivals.get(run) ?? 0;
      arrivals.set(run, job + 1);
      return { ms, query: { job, run } };
    },
    reset: () => arrivals.clear(),
  };
}
