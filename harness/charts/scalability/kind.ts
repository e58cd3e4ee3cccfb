import { type Static, Type } from 'typebox';
import type { Row } from '../../model/row.ts';
import { ChartFields, Closed } from '../fields.ts';
import { isShown } from './shown.ts';

const schema = Type.Object(
  { ...ChartFields, kind: Type.Literal('scalability'), parameter: Type.String(), title: Type.String() },
  Closed,
);

/** Throughput against a parameter, with the Universal Scalability Law fitted to it, and the closed-system bound. */
export type ScalabilityChart = Static<typeof schema>;

declare module '../../model/chart.ts' {
  interface ChartKinds {
    scalability: ScalabilityChart;
  }
}

export default {
  schema,
  needsTrace: false,
  showsRounds: false,
  shows: (_: ScalabilityChart, row: Row) => isShown(row),
};
