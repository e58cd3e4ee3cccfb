/** Schemas that all kinds of charts share. */
import { type Static, Type } from 'typebox';

/** Allows named properties only. */
export const Closed = { additionalProperties: false };

/** The fields of every chart. */
export const ChartFields = {
  /** The name in its file's name. */
  view: Type.String({ pattern: '^[a-z0-9-]+$' }),
  /** Shows rows of these groups only; all groups if left out. */
  groups: Type.Optional(Type.Array(Type.String())),
};

const AxisFields = {
  /** With its unit. */
  title: Type.String(),
  scale: Type.Union([Type.Literal('linear'), Type.Literal('log')]),
};

export const AxisSchema = Type.Object(AxisFields, Closed);
export type Axis = Static<typeof AxisSchema>;

/** An axis for a figure of the rows, or for one of their parameters. */
export const FigureAxisSchema = Type.Object(
  { ...AxisFields, figure: Type.Optional(Type.String()), parameter: Type.Optional(Type.String()) },
  Closed,
);

/** One line, or stack of bars, of a chart. */
export const SeriesSchema = Type.Object(
  {
    /** `medianMs`, `boundMs`, `efficiency`, `speedup`, or a metric by its name. */
    figure: Type.String(),
    /** Its name in a chart with several series. */
    title: Type.String(),
    /** Divides the figure by that of the row with this id in the same group. */
    relativeTo: Type.Optional(Type.String()),
    /** Its axis; the left one if left out. */
    axis: Type.Optional(Type.Union([Type.Literal('left'), Type.Literal('right')])),
  },
  Closed,
);
export type Series = Static<typeof SeriesSchema>;
