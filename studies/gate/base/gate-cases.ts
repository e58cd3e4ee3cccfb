/** What the study makes of a row, for `compare --base` to find. */

/** One case: how much slower the row is made, and with which margin the sides are compared. */
export interface GateCase {
  readonly name: string;
  /** The slowdown as a share of the row's time: 0.1 is 10 %. */
  readonly share: number;
  /** A slowdown as large as the margin lies on it, and cannot be found. */
  readonly margin: number;
}

export const CASES: readonly GateCase[] = [
  { name: '10 % slower', share: 0.1, margin: 0.05 },
  { name: '5 % slower', share: 0.05, margin: 0.02 },
  { name: 'no change', share: 0, margin: 0.05 },
];

export const EXPERIMENT = 'crawl';
/** The row that is slowed: the headline, which takes about 27 ms. */
export const SLOWED_ROW = 'semaphore@100';
/** What each case needs before its figures mean something. */
export const ENOUGH_TRIES = 40;
