import type { Drawable } from '../../charts/picture.ts';
import type { Row } from '../../model/row.ts';

/** What the page's program reads: as much of records and summary as pictures are made of. */
export interface PageData {
  readonly experiments: readonly ExperimentData[];
}

export interface ExperimentData {
  readonly id: string;
  readonly rows: readonly Row[];
  readonly record: Drawable;
  /** Of finished rounds: round, position of the variant, twin (1 or 0), time, CPU time and bound in ms. */
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
