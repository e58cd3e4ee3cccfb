/** What there is after a round. */
export interface SoFar<Measured> {
  readonly measured: Measured;
  /** How many measured rounds it has. */
  readonly rounds: number;
  /** How long it took. */
  readonly elapsedMs: number;
}

/** Whether the rounds so far are enough. It changes nothing, and the same gives the same. */
export type StopRule<Measured> = (soFar: SoFar<Measured>) => boolean;

/** When rounds are enough. */
export interface StopWhen<Measured> {
  /** Never before so many rounds. */
  readonly leastRounds: number;
  /** Whether the answer is there, so that no further round is needed. */
  readonly isAnswered: (measured: Measured) => boolean;
  /** Without an answer, too, once it took so long, in ms. */
  readonly withinMs: number;
}

/** The rule that follows from what a person asked for. */
export function stopRule<Measured>({
  leastRounds,
  isAnswered,
  withinMs,
}: StopWhen<Measured>): StopRule<Measured> {
  return ({ measured, rounds, elapsedMs }) =>
    rounds >= leastRounds && (elapsedMs >= withinMs || isAnswered(measured));
}
