import { type Static, Type } from 'typebox';
import type { Row } from '../../model/row.ts';
import { ChartFields, Closed } from '../fields.ts';
import { isShown } from './shown.ts';

const schema = Type.Object({ ...ChartFields, kind: Type.Literal('speedup') }, Closed);

/** A bar per variant's speedup, with its interval and a mark at the bound. */
export type SpeedupChart = Static<typeof schema>;

declare module '../../model/chart.ts' {
  interface ChartKinds {
    speedup: SpeedupChart;
  }
}

export default {
  schema,
  needsTrace: false,
  showsRounds: true,
  shows: (_: SpeedupChart, row: Row) => isShown(row),
};
