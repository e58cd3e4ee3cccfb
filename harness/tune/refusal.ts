/** What in an answer is a refusal, and how long it asks to wait. */
import type { Refusal } from './steps.ts';

/** Names of headers with what is left of a quota, and with the time of its reset. */
const QUOTAS = [
  ['x-ratelimit-remaining', 'x-ratelimit-reset'],
  ['ratelimit-remaining', 'ratelimit-reset'],
  ['x-rate-limit-remaining', 'x-rate-limit-reset'],
] as const;
/** A reset above this is a date in seconds since 1970, and no number of seconds from now. */
const LEAST_DATE = 1e9;

/**
 * The refusal in an answer: 429, 503, Retry-After or an exhausted quota.
 *
 * @param headerOf a header by its name in small letters
 * @param nowMs in ms since 1970
 * @returns null if the answer refuses nothing
 */
export function refusalIn(
  status: number,
  headerOf: (name: string) => string | undefined,
  nowMs = Date.now(),
): Refusal | null {
  const retryAfter = headerOf('retry-after');
  const waitMs = retryAfter === undefined ? 0 : waitOf(retryAfter, nowMs);
  if (status === 429) return { what: '429', byRate: true, waitMs };
  if (status === 503) return { what: '503', byRate: false, waitMs };
  if (retryAfter !== undefined) return { what: 'Retry-After', byRate: true, waitMs };
  const quota = QUOTAS.find(([left]) => headerOf(left)?.trim() === '0');
  if (quota === undefined) return null;
  return { what: 'an exhausted quota', byRate: true, waitMs: resetOf(headerOf(quota[1]), nowMs) };
}

/** The wait of a Retry-After, in seconds or as a date (RFC 9110, 10.2.3), in ms. */
function waitOf(text: string, nowMs: number): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const dateMs = Date.parse(text);
  return Number.isNaN(dateMs) ? 0 : Math.max(0, dateMs - nowMs);
}

function resetOf(text: string | undefined, nowMs: number): number {
  const seconds = Number(text);
  if (text === undefined || !Number.isFinite(seconds)) return 0;
  return Math.max(0, seconds > LEAST_DATE ? seconds * 1000 - nowMs : seconds * 1000);
}
