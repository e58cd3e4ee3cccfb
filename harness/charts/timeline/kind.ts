import { type Static, Type } from 'typebox';
import type { Row } from '../../model/row.ts';
import { ChartFields, Closed } from '../fields.ts';
import { isTraced, type Traced } from './panels.ts';

const schema = Type.Object({ ...ChartFields, kind: Type.Literal('timeline') }, Closed);

/** A bar per request from arrival to release, a bar per CPU work, and a panel per variant. */
export type TimelineChart = Static<typeof schema>;

declare module '../../model/chart.ts' {
  interface ChartKinds {
    timeline: TimelineChart;
  }
}

export default {
  schema,
  needsTrace: true,
  showsRounds: false,
  shows: (_: TimelineChart, row: Row, record: Traced) => isTraced(record, row),
};
