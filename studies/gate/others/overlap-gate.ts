import { geometricMedian } from '../../../harness/findings/repeats.ts';
import { compare, type Verdict } from '../../../harness/statistics/comparison.ts';
import { rowRule } from '../../../scripts/measure-both.ts';
import type { RoundTimes } from './gates.ts';

/** The defaults of `npm run compare -- --base`. */
const LIMITS = { rounds: 20, withinMs: 15 * 60_000 };

/**
 * What `npm run compare -- --base` says of one row: its own comparison and its own rule for the last round. A regression
 * is measured again from the start, on the rounds that follow.
 *
 * @param rounds paired rounds, without an end
 * @param roundSeconds the time of one round of both sides
 * @param margin as a share
 * @returns whether it regressed twice, and the rounds that were read
 */
export function overlapGate(
  rounds: Iterator<RoundTimes>,
  roundSeconds: number,
  margin: number,
): { slower: boolean; rounds: number } {
  const first = measureOnce(rounds, roundSeconds, margin);
  if (first.verdict !== 'regressed') return { slower: false, rounds: first.rounds };
  const second = measureOnce(rounds, roundSeconds, margin);
  return { slower: second.verdict === 'regressed', rounds: first.rounds + second.rounds };
}

function measureOnce(
  rounds: Iterator<RoundTimes>,
  roundSeconds: number,
  margin: number,
): { verdict: Verdict; rounds: number } {
  const isEnough = rowRule(margin, LIMITS);
  const sides = { before: [] as number[], after: [] as number[] };
  for (let round = 1; ; round++) {
    const { beforeMs, afterMs } = rounds.next().value as RoundTimes;
    // As logarithms of speeds: a greater one is faster.
    sides.before.push(-Math.log(geometricMedian(beforeMs)));
    sides.after.push(-Math.log(geometricMedian(afterMs)));
    const [change] = compare([sides], margin, true);
    const { ratio, verdict } = change!;
    const measured = { ratio, verdict, timeRatio: null, rounds: { before: round, after: round } };
    const elapsedMs = round * roundSeconds * 1000;
    if (isEnough({ measured, rounds: round, elapsedMs })) return { verdict, rounds: round };
  }
}
