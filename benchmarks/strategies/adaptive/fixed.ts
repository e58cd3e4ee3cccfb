import type { LimitRule } from './rule.ts';

/** The limit that never changes, for comparison. */
export function fixed(limit: number): LimitRule<null> {
  const step = { limit, state: null };
  return { start: step, heedsDrops: false, next: () => step };
}
