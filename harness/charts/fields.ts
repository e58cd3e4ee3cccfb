/** What kinds of charts share, as schemas. */
import { type Static, Type } from 'typebox';

/** Nothing but what is named. */
export const Closed = { additionalProperties: false };

/** Every chart has these. */
export const ChartFields = {
  /** Names its file. */
  view: Type.String({ pattern: '^[a-z0-9-]+$' }),
  /** Only rows of these groups; all, where left out. */
  groups: Type.Optional(Type.Array(Type.String())),
};

const AxisFields = {
  /** With its unit. */
  title: Type.String(),
  scale: Type.Union([Type.Literal('linear'), Type.Literal('log')]),
};

export const AxisSchema = Type.Object(AxisFields, Closed);
export type Axis = Static<typeof AxisSchema>;

/** An axis along a figure of the rows, or along one of their parameters. */
export const FigureAxisSchema = Type.Object(
  { ...AxisFields, figure: Type.Optional(Type.String()), parameter: Type.Optional(Type.String()) },
  Closed,
);

/** One line, or stack of bars, of a chart. */
export const SeriesSchema = Type.Object(
  {
    /** `medianMs`, `boundMs`, `efficiency`, `speedup`, or a metric by its name. */
    figure: Type.String(),
    /** Names it where a chart has several. */
    title: Type.String(),
    /** Divides the figure by that of the row with this id in the same group. */
    relativeTo: Type.Optional(Type.String()),
    /** Which axis it belongs to; the left one, where left out. */
    axis: Type.Optional(Type.Union([Type.Literal('left'), Type.Literal('right')])),
  },
  Closed,
);
export type Series = Static<typeof SeriesSchema>;
