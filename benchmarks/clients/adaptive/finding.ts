import { judge, judgeBeside } from '../../../harness/findings/judge.ts';
import { metricValue } from '../../../harness/findings/metrics.ts';
import { formatShare } from '../../../harness/findings/numbers.ts';
import { clipped } from '../../../harness/findings/wording.ts';
import type { Finding } from '../../../harness/model/finding.ts';
import type { Row } from '../../../harness/model/row.ts';
import { REFUSED } from './batch.ts';
import { CLAIRVOYANT, OURS } from './rows.ts';

/** A limit that is refused more than this is no candidate, however many answers it gets. */
const MOST_REFUSED = 0.01;

/** Who wins on one schedule. */
interface Outcome {
  readonly group: string;
  /** Null if no row is proven to be faster than all others. */
  readonly winner: Row | null;
}

/**
 * Who wins on each schedule, of the limits that are rarely refused, and what is lost to the limit that knows the schedule.
 *
 * @returns null without rows that can be judged
 */
export function findingOf(rows: readonly Row[]): Finding | null {
  const groups = [...new Set(rows.map(({ group }) => group))];
  const outcomes = groups.flatMap(
    (group) =>
      outcomeOf(
        group,
        rows.filter((row) => row.group === group),
      ) ?? [],
  );
  if (outcomes.length === 0) return null;
  const won = outcomes.flatMap(({ winner }) => winner?.variant ?? []);
  const [first] = won;
  const everywhere = won.length === outcomes.length && won.every((variant) => variant === first);
  const schedules = outcomes.length === 1 ? '1 schedule' : `${outcomes.length} schedules`;
  const headline = everywhere
    ? `With at most 1 % refused, ${first} serves most on all of ${schedules}.`
    : won.length === 0
      ? `With at most 1 % refused, no limit is proven to serve most on any of ${schedules}.`
      : `With at most 1 % refused, no single limit serves most on all of ${schedules}.`;
  const losses = groups.flatMap((group) => {
    const ours = rows.find((row) => row.group === group && row.variant === OURS);
    return ours === undefined || judge(ours).verdict === 'unproven' ? [] : [`${group} ${lossOf(ours)}`];
  });
  return {
    headline,
    short: everywhere
      ? clipped(`${first} serves most on all schedules`, 56)
      : 'no single limit serves most on all schedules',
    details: [
      `Winner, and its loss: ${outcomes.map(({ group, winner }) => `${group} ${winner === null ? 'none' : `${winner.variant} ${lossOf(winner)}`}`).join(', ')}.`,
      ...(losses.length === 0
        ? []
        : [`${OURS} loses, beside the ${CLAIRVOYANT} limit: ${losses.join(', ')}.`]),
    ],
  };
}

/** The share of the clairvoyant limit's answers that a row lacks. */
function lossOf({ speedup }: Row): string {
  return formatShare(Math.max(0, 1 - speedup.value), 1);
}

function outcomeOf(group: string, rows: readonly Row[]): Outcome | null {
  const judged = rows.filter((row) => !row.baseline && judge(row).verdict !== 'unproven');
  if (judged.length === 0) return null;
  const candidates = judged
    .filter((row) => metricValue(row, REFUSED) <= MOST_REFUSED)
    .toSorted((one, other) => other.speedup.value - one.speedup.value);
  const [best, ...others] = candidates;
  const wins = best !== undefined && others.every((other) => judgeBeside(best, other).verdict === 'faster');
  return { group, winner: wins ? best : null };
}
