import { knee } from './knee.ts';
import { createLimited, type Limited } from './limited.ts';

/** The settings of {@link adaptiveLimit}. */
export interface AdaptiveLimitOptions {
  /** The least limit, a whole number from 1; 1 if left out. */
  readonly min?: number;
  /** The greatest limit; 1000 if left out. */
  readonly max?: number;
  /**
   * Whether a result, or a thrown error, says that the task was refused, as an answer with status 429 or 503 does. If left
   * out, every thrown error does, and no result.
   */
  dropped?(outcome: unknown): boolean;
}

/**
 * Limits how many tasks run at once, as p-limit does, and finds the limit by itself: the smallest one past which more
 * tasks at once only wait longer. It follows a target that gets slower, faster, smaller or larger.
 *
 * @returns a function that runs a task as soon as the limit allows
 * @throws TypeError if `min` or `max` is not a whole number, or `min` is not from 1 to `max`
 */
export function adaptiveLimit({ min = 1, max = 1000, dropped }: AdaptiveLimitOptions = {}): Limited {
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < min)
    throw new TypeError(
      `min and max are whole numbers from 1, and min is at most max, not ${min} and ${max}.`,
    );
  return createLimited(knee({ min, max }), {
    nowMs: () => performance.now(),
    dropped: (outcome, threw) => dropped?.(outcome) ?? threw,
  });
}
