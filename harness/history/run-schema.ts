/** One run of a history: what stands in one JSON file of its folder. */
import { type Static, Type } from 'typebox';

/** Increases when older releases would misread a file. */
export const HISTORY_VERSION = 1;

const Closed = { additionalProperties: false };
const Positive = Type.Number({ exclusiveMinimum: 0 });
const End = Type.Union([Positive, Type.Null()]);
const EstimateSchema = Type.Object({ value: Positive, low: End, high: End }, Closed);
const Moment = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' });
const Name = Type.String({ minLength: 1 });

const RowSchema = Type.Object(
  {
    experiment: Name,
    group: Type.String(),
    variant: Name,
    baseline: Type.Boolean(),
    headline: Type.Boolean(),
    /** The hash of the work that it and its baseline did; other work begins a new series. */
    work: Type.String({ pattern: '^[0-9a-f]{12}$' }),
    rounds: Type.Integer({ minimum: 1 }),
    /** Baseline time / own time; 1 for a baseline. */
    speedup: EstimateSchema,
    /** Bound / time; null without a bound. */
    efficiency: Type.Union([Positive, Type.Null()]),
    /** Both sides of the speedup, in ms. */
    timeMs: EstimateSchema,
    baselineTimeMs: EstimateSchema,
  },
  Closed,
);

export const HistoryRunSchema = Type.Object(
  {
    historyVersion: Type.Literal(HISTORY_VERSION),
    /** The same for the same samples. */
    id: Type.String({ pattern: '^[0-9a-f]{12}$' }),
    commit: Type.Object(
      {
        id: Type.String({ pattern: '^[0-9a-f]{7,64}$' }),
        /** When it was committed, or when it was measured if git could not tell. */
        date: Moment,
        /** Whether files differed from it; null if git could not tell. */
        dirty: Type.Union([Type.Boolean(), Type.Null()]),
      },
      Closed,
    ),
    measuredAt: Moment,
    machine: Type.Object(
      { processor: Type.String(), cores: Type.Integer({ minimum: 1 }), system: Type.String() },
      Closed,
    ),
    /** The version of Node. */
    node: Type.String({ pattern: '^\\d+\\.' }),
    profile: Name,
    /** Whether identical variants took the same time. */
    trusted: Type.Boolean(),
    rows: Type.Array(RowSchema, { minItems: 1 }),
  },
  Closed,
);

/** One run of a history. */
export type HistoryRun = Static<typeof HistoryRunSchema>;

/** One row of one run. */
export type HistoryRow = Static<typeof RowSchema>;
