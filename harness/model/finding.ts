/** The finding of an experiment, in words. */
import type { Row } from './row.ts';

/** The rows of an experiment: ours, floors and the peers' separately. */
export interface MeasuredRows {
  /** Rows of this project without floors, in the order of the tables. */
  readonly own: readonly Row[];
  /** Rows of this project that others are measured by. */
  readonly floors: readonly Row[];
  /** Rows of programs in other runtimes. */
  readonly peers: readonly Row[];
}

/** A finding in the author's words; every verdict, number and interval comes from `harness/findings/`. */
export interface Finding {
  /** The answer, as one sentence of at most 120 characters: the title of the first chart, too. */
  readonly headline: string;
  /** The same in at most 56 characters, without a full stop, for one line of a terminal. */
  readonly short: string;
  /** At most three short sentences: numbers with their intervals, and what to do. */
  readonly details: readonly string[];
}
