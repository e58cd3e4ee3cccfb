import { type Static, Type } from 'typebox';
import { AxisSchema, ChartFields, Closed, FigureAxisSchema, SeriesSchema } from '../fields.ts';
import { isOnLine } from './on-line.ts';

const schema = Type.Object(
  {
    ...ChartFields,
    kind: Type.Literal('lines'),
    line: Type.Union([Type.Literal('group'), Type.Literal('variant')]),
    x: FigureAxisSchema,
    left: AxisSchema,
    right: Type.Optional(AxisSchema),
    series: Type.Array(SeriesSchema, { minItems: 1 }),
    /** False leaves out the bound, which is that of the whole batch. */
    bound: Type.Optional(Type.Boolean()),
  },
  Closed,
);

/** A point for each row, joined to a line for each group or each variant. */
export type LinesChart = Static<typeof schema>;

declare module '../../model/chart.ts' {
  interface ChartKinds {
    lines: LinesChart;
  }
}

export default { schema, needsTrace: false, showsRounds: true, shows: isOnLine };
