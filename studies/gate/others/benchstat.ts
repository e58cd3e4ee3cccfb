import { median } from 'simple-statistics';
import { rankSumTest } from '../../../harness/statistics/rank-sum.ts';

/** Its page says that each benchmark should run at least this often: cmd/benchstat/main.go. */
export const LEAST_SAMPLES = 10;

/**
 * The rule of benchstat, golang.org/x/perf of 2026-06-10 (712aea8): a difference of the medians counts if the two-sided
 * Mann-Whitney U test has p of at most alpha. `Compare` in benchmath/anone.go, `FormatDelta` and `DefaultThresholds` in
 * benchmath/sample.go. It has no margin.
 *
 * @param beforeMs at least one time
 * @param afterMs at least one time
 */
export function isSignificantlySlower(
  beforeMs: readonly number[],
  afterMs: readonly number[],
  alpha = 0.05,
): boolean {
  return median(afterMs) > median(beforeMs) && rankSumTest(beforeMs, afterMs).p <= alpha;
}
