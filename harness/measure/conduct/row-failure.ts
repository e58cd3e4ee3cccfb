/** What becomes of a row that fails: why, in one sentence, and that nothing of it goes on beside the next row. */
import { setTimeout as wait } from 'node:timers/promises';
import { placeOfError } from '../../error-place.ts';
import { installText, missingPackage } from '../../installation.ts';
import type { Batch } from '../../model/job.ts';
import type { Witness } from '../../model/target.ts';
import { shortPath } from '../plan/variants.ts';

/** A row failed for the rest of the run; the message says why. Other rows go on. */
export class RowFailed extends Error {
  /** Whether its code still works, so that other rows need a new process. */
  readonly goesOn: boolean;

  constructor(message: string, { goesOn = false, ...options }: ErrorOptions & { goesOn?: boolean } = {}) {
    super(message, options);
    this.goesOn = goesOn;
  }
}

/** Why a row could not be set up. */
export function setUpFailed(cause: unknown): RowFailed {
  return new RowFailed(`it could not be set up (${reasonOf(cause)})`, { cause });
}

/** The time limit for closing a batch that failed. */
const CLOSE_LIMIT_MS = 5000;

/** A batch did not end in time. */
class Hung extends Error {}

/** @throws Hung after the limit; the error of the work */
export async function withinLimit<Result>(work: Promise<Result>, limitMs: number): Promise<Result> {
  const tooLong = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => tooLong.reject(new Hung(`did not end within ${Math.round(limitMs / 1000)} s`)),
    limitMs,
  );
  try {
    return await Promise.race([work, tooLong.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Why a row failed, with the file that declares it. */
export function failedIn(declaredIn: string, cause: unknown): RowFailed {
  const what = cause instanceof Hung ? cause.message : `failed (${reasonOf(cause)}${placeOf(cause)})`;
  return new RowFailed(`${declaredIn} ${what}`, { cause });
}

/**
 * Ends a batch that failed, and waits until none of its requests is left.
 *
 * @returns the failure; if the target still gets requests, or nothing tells after a hang, one that goes on
 */
export async function giveUp(batch: Batch, failure: RowFailed, witness: Witness | null): Promise<RowFailed> {
  const goingOn = () => new RowFailed(failure.message, { cause: failure.cause, goesOn: true });
  try {
    batch.cancel(failure);
    await withinLimit(batch.close(), CLOSE_LIMIT_MS);
  } catch {
    return goingOn();
  }
  if (witness === null) return failure.cause instanceof Hung ? goingOn() : failure;
  return (await untilQuiet(witness)) ? failure : goingOn();
}

/** How long nothing may come to a target that counts as quiet, and how often it is looked at. */
const QUIET_MS = 100;
const QUIET_LOOKS = 50;

/** Waits until the target has nothing in flight and gets nothing more; false if it still does after some seconds. */
async function untilQuiet(witness: Witness): Promise<boolean> {
  let before = -1;
  for (let look = 0; look < QUIET_LOOKS; look++) {
    const [inFlight, { requests }] = [await witness.inFlight(), await witness.evidence()];
    if (inFlight === 0 && requests.length === before) return true;
    before = requests.length;
    await wait(QUIET_MS);
  }
  return false;
}

/** Requests of a failed row may still be in flight; they must not count for the next sample. */
export async function untilIdle(witness: Witness): Promise<void> {
  for (let look = 0; look < 100 && (await witness.inFlight()) > 0; look++) await wait(10);
}

/** The reason in an error and in its cause, without stack and full stop. */
function reasonOf(cause: unknown): string {
  const missing = missingPackage(cause);
  if (missing !== undefined)
    return `it needs ${missing}, which is not installed: run ${installText(missing)}`;
  const {
    message,
    code,
    cause: inner,
  } = cause instanceof Error ? (cause as NodeJS.ErrnoException) : { message: String(cause) };
  // If every address refuses the connection, Node leaves the message empty.
  const what = (message || code || 'without a reason').split('\n')[0]!.replace(/\.$/, '');
  // A client's own words, as `fetch failed`, are explained by its cause.
  return inner instanceof Error ? `${what}: ${reasonOf(inner)}` : what;
}

/** Where an error of the language was thrown, as in `, at src/crawl.ts:12`; empty for errors that explain themselves. */
function placeOf(cause: unknown): string {
  const isSlip = [TypeError, ReferenceError, RangeError].some((kind) => cause instanceof kind);
  if (!isSlip || (cause as Error).cause !== undefined) return '';
  const place = placeOfError(cause as Error);
  return place === undefined ? '' : `, at ${shortPath(place.file)}:${place.line}`;
}
