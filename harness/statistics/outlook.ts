/** What more rounds would tell of a change that has no verdict yet. */
import type { Estimate } from '../model/row.ts';

/** With fewer rounds, the width of an interval says too little about later widths. */
const LEAST_ROUNDS_TO_GIVE_UP = 10;
/** About one standard error, as a share of the half-width of a 95 % interval. */
const STANDARD_ERROR = 0.5;

/** A change without a verdict. */
export interface Undecided {
  /** A factor with its 95 % interval. */
  readonly change: Estimate;
  /** The number of rounds behind it. */
  readonly rounds: number;
  /** As a share, see `compare`. */
  readonly margin: number;
}

/** On logarithms: the distance of the change from 0 and of the margin, and half the interval's width. */
function distancesOf({ change: { value, low, high }, margin }: Undecided) {
  if (low === null || high === null) return null;
  const [centre, marginLog] = [Math.abs(Math.log(value)), Math.log1p(margin)];
  return { centre, marginLog, halfWidth: (Math.log(high) - Math.log(low)) / 2 };
}

/**
 * About how many rounds a verdict would take. The width of an interval falls with the square root of the rounds; it has to
 * fall to the distance between the change and the margin.
 *
 * @returns null without an interval; Infinity if the change is as large as the margin
 */
export function roundsForVerdict(undecided: Undecided): number | null {
  const distances = distancesOf(undecided);
  if (distances === null) return null;
  const { centre, marginLog, halfWidth } = distances;
  const { rounds } = undecided;
  return Math.max(rounds + 1, Math.ceil(rounds * (halfWidth / Math.abs(centre - marginLog)) ** 2));
}

/**
 * Whether a verdict within `mostRounds` is so unlikely that further rounds are wasted: it would not come even if the true
 * change lay one standard error away from the present one, on the better side. Never below 10 rounds.
 */
export function isOutOfReach(undecided: Undecided, mostRounds: number): boolean {
  const distances = distancesOf(undecided);
  if (distances === null || undecided.rounds < LEAST_ROUNDS_TO_GIVE_UP) return false;
  const { centre, marginLog, halfWidth } = distances;
  const lastHalfWidth = halfWidth * Math.sqrt(undecided.rounds / mostRounds);
  const error = STANDARD_ERROR * halfWidth;
  const canBeUnchanged = Math.max(0, centre - error) + lastHalfWidth <= marginLog;
  const canBeChanged = centre + error - lastHalfWidth >= marginLog;
  return !canBeUnchanged && !canBeChanged;
}
