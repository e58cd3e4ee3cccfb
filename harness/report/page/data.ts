import type { Drawable } from '../../charts/picture.ts';
import type { Row } from '../../model/row.ts';
import type { ShownTune } from '../tune/tune-picture.ts';

/** The data for the page's program: the parts of records and summary that pictures use. */
export interface PageData {
  readonly experiments: readonly ExperimentData[];
  /** A search for a limit beside them. */
  readonly tune?: ShownTune;
}

export interface ExperimentData {
  readonly id: string;
  readonly rows: readonly Row[];
  readonly record: Drawable;
  /** Samples of finished rounds: round, position of the variant, twin (1 or 0), time, CPU time and bound in ms. */
  readonly samples: readonly SampleData[];
}

export type SampleData = readonly [
  round: number,
  variant: number,
  twin: number,
  wallMs: number,
  cpuMs: number,
  boundMs: number,
];
