/** The state after a round. */
export interface SoFar<Measured> {
  readonly measured: Measured;
  /** How many measured rounds it has. */
  readonly rounds: number;
  /** The time since the start. */
  readonly elapsedMs: number;
}

/** Whether the rounds so far are enough: for a record, or for one row of a comparison. A pure function. */
export type StopRule<Measured> = (soFar: SoFar<Measured>) => boolean;

/** When rounds are enough. */
export interface StopWhen<Measured> {
  /** The least number of rounds. */
  readonly leastRounds: number;
  /** The most rounds; without limit if left out. */
  readonly mostRounds?: number;
  /** Whether the answer is known, so no further round is needed. */
  readonly isAnswered: (measured: Measured) => boolean;
  /** The time limit in ms, after which the run stops without an answer. */
  readonly withinMs: number;
}

/** Makes a rule from the user's choices. */
export function stopRule<Measured>({
  leastRounds,
  mostRounds = Number.POSITIVE_INFINITY,
  isAnswered,
  withinMs,
}: StopWhen<Measured>): StopRule<Measured> {
  return ({ measured, rounds, elapsedMs }) =>
    rounds >= leastRounds && (rounds >= mostRounds || elapsedMs >= withinMs || isAnswered(measured));
}
