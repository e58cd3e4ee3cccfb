import { type Static, Type } from 'typebox';
import { AxisSchema, ChartFields, Closed, SeriesSchema } from '../fields.ts';

const schema = Type.Object(
  {
    ...ChartFields,
    kind: Type.Literal('bars'),
    x: AxisSchema,
    series: Type.Array(SeriesSchema, { minItems: 1 }),
  },
  Closed,
);

/** One stacked bar per variant. */
export type BarsChart = Static<typeof schema>;

declare module '../../model/chart.ts' {
  interface ChartKinds {
    bars: BarsChart;
  }
}

export default { schema, needsTrace: false, showsRounds: false };
