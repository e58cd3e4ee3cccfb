/** How much a search may send, and whether it may send it there at all. */
import { lookup } from 'node:dns/promises';
import { jobsOfStep, ROUNDS } from './limit-search.ts';
import { isLoopback } from './traffic.ts';

/** The most that a search may use. */
export interface Budget {
  readonly requests: number;
  readonly seconds: number;
  /** The most at once. */
  readonly most: number;
}

/** What is allowed where the user says nothing. */
const DEFAULT_BUDGET = {
  seconds: 60,
  most: 256,
  requests: { here: 10_000, elsewhere: 2000 },
} as const;

/** The budget of a search, with defaults for everything that was not given. */
export function budgetOf(given: Partial<Budget>, here: boolean): Budget {
  const { seconds, most, requests } = DEFAULT_BUDGET;
  return {
    seconds: given.seconds ?? seconds,
    most: given.most ?? most,
    requests: given.requests ?? (here ? requests.here : requests.elsewhere),
  };
}

/** The largest answer that this many requests can find: its doublings up to 2L, and its rounds. */
export function reachOf({ requests, most }: Budget): number {
  let reach = 0;
  for (let limit = 1; limit <= most && jobsUpTo(limit) <= requests; limit++) reach = limit;
  return reach;
}

function jobsUpTo(limit: number): number {
  let doubling = jobsOfStep(1);
  for (let step = 2; step < 4 * limit; step *= 2) doubling += jobsOfStep(step);
  const round = jobsOfStep(Math.max(1, Math.round(limit / 2))) + jobsOfStep(limit) + jobsOfStep(2 * limit);
  return doubling + ROUNDS * round;
}

/** What a search would do at most, as one sentence. */
export function budgetText(budget: Budget, place: string): string {
  const { requests, seconds, most } = budget;
  const reach = reachOf(budget);
  const far = reach === 0 ? 'too few for any answer' : `enough for answers up to about ${reach}`;
  return `At most ${requests} requests to ${place}, ${most} at once, for ${seconds} s: ${far}.`;
}

/** Whether a host name or address is this machine's loopback; an unknown name counts as one, since it reaches nothing. */
export async function isHere(host: string): Promise<boolean> {
  try {
    const addresses = await lookup(host.replace(/^\[|\]$/g, ''), { all: true });
    return addresses.every(({ address }) => isLoopback(address));
  } catch {
    return true;
  }
}

/**
 * Whether the user has allowed load on another machine.
 *
 * @param yes whether --yes was given
 */
export function hasConsent(given: Partial<Budget>, yes: boolean): boolean {
  return yes && (given.requests !== undefined || given.seconds !== undefined);
}
