/** The record of one experiment's run: the only bridge from measuring to reporting. */
import { type Static, Type } from 'typebox';
import { CHART_KINDS } from '../charts/kinds.ts';
import type { Chart } from '../model/chart.ts';
import type { Finding } from '../model/finding.ts';
import type { Metric } from '../model/row.ts';

/**
 * Rises when an older reader would misread a record. A version that is left behind gets a module `version-N.ts` that turns
 * one of its records into one of the next, and a test reads a record of each: records since version 2 stay readable.
 */
export const SCHEMA_VERSION = 3;

const Milliseconds = Type.Number({ minimum: 0 });

const Count = Type.Integer({ minimum: 0 });

const Closed = { additionalProperties: false };

const WarningSchema = Type.Object({ what: Type.String(), remedy: Type.String() }, Closed);

const MetricSchema = Type.Unsafe<Metric>(
  Type.Object(
    {
      name: Type.String({ minLength: 1 }),
      unit: Type.Enum(['ms', 'bytes', 'share', 'per second', 'count']),
      better: Type.Enum(['higher', 'lower', 'neither']),
      heading: Type.Optional(Type.String({ minLength: 1 })),
      percentile: Type.Optional(
        Type.Object(
          { share: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), countedBy: Type.String() },
          Closed,
        ),
      ),
    },
    Closed,
  ),
);

/** What was said when the experiment ended, so that the record can be drawn without it. */
const WordsSchema = Type.Object(
  {
    /** Null where no round was finished. */
    finding: Type.Union([
      Type.Unsafe<Finding>(
        Type.Object(
          { headline: Type.String(), short: Type.String(), details: Type.Array(Type.String()) },
          Closed,
        ),
      ),
      Type.Null(),
    ]),
    /** How our rows stand beside the peers'; empty where there are none. */
    peersFinding: Type.String(),
    /** What each chart shows, by its view. */
    chartTitles: Type.Record(Type.String(), Type.String()),
  },
  Closed,
);

const EnvironmentSchema = Type.Object(
  {
    node: Type.String(),
    v8: Type.String(),
    libuv: Type.String(),
    /** The undici that node_modules holds, and the one that Node carries inside for its own fetch. */
    undici: Type.Object({ installed: Type.String(), insideNode: Type.String() }, Closed),
    packages: Type.Record(Type.String(), Type.String()),
    cpu: Type.Object({ model: Type.String(), count: Count }, Closed),
    memoryBytes: Count,
    os: Type.Object({ platform: Type.String(), release: Type.String(), arch: Type.String() }, Closed),
    /** The load average of one minute before the run began. */
    loadBefore: Type.Number({ minimum: 0 }),
    /** Null where git names no commit; `dirty` is null where it cannot tell. A warning has the reason. */
    git: Type.Union([
      Type.Object({ commit: Type.String(), dirty: Type.Union([Type.Boolean(), Type.Null()]) }, Closed),
      Type.Null(),
    ]),
    /**
     * Environment variables that may have changed what was measured (null: the value may hold a path or a password), and
     * the names of those that were kept from it, as proxies are.
     */
    variables: Type.Optional(
      Type.Object(
        {
          set: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])),
          dropped: Type.Array(Type.String()),
        },
        Closed,
      ),
    ),
    /** The project that was measured, as its package.json names it; null where none does, and in older records. */
    project: Type.Union([
      Type.Object({ name: Type.String(), version: Type.Union([Type.String(), Type.Null()]) }, Closed),
      Type.Null(),
    ]),
    warnings: Type.Array(WarningSchema),
  },
  Closed,
);

const VariantSchema = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    group: Type.String(),
    baseline: Type.Boolean(),
    /** Runs twice a round: the A/A pair of its group. */
    control: Type.Boolean(),
    /** One of those that the experiment is run for. */
    headline: Type.Boolean(),
    /** The id of the peer that fills it; null for a row of this project. */
    peer: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
    /** A peer's: which row of ours it is set beside. */
    nearest: Type.Optional(Type.String()),
    /** Why it has no further samples. */
    error: Type.Optional(Type.String()),
    jobs: Type.Integer({ minimum: 1 }),
    limit: Type.Integer({ minimum: 1 }),
    /** The name of the target it waits on. */
    target: Type.String({ minLength: 1 }),
    /** In how many measured rounds it runs: the first ones. */
    rounds: Type.Integer({ minimum: 1 }),
    parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
  },
  Closed,
);

const SampleSchema = Type.Object(
  {
    round: Type.Integer({ minimum: 1 }),
    /** Warm-up rounds count on their own and are left out of the summary. */
    warmUp: Type.Boolean(),
    /** Position of the variant in the round's order, from 0. */
    position: Count,
    /** Position of the variant in the record's list. */
    variant: Count,
    /** The second run of the control in this round. */
    twin: Type.Boolean(),
    wallMs: Type.Number({ exclusiveMinimum: 0 }),
    /** User and system CPU time of the measured process. */
    cpuMs: Milliseconds,
    eventLoopUtilization: Type.Number({ minimum: 0, maximum: 1 }),
    /** The CPU work of the jobs themselves. */
    computeMs: Milliseconds,
    /** What the experiment measures besides, with the unit at the name's end. */
    metrics: Type.Record(Type.String(), Type.Number()),
    boundMs: Milliseconds,
    checksum: Type.String(),
    hold: Type.Object({ shortestMs: Milliseconds, longestMs: Milliseconds, totalMs: Milliseconds }, Closed),
    target: Type.Object(
      { requests: Count, peakInFlight: Count, connectionsUsed: Count, connectionsOpened: Count },
      Closed,
    ),
    /** Why the check of the target found this sample wrong; null where it is right. */
    failure: Type.Union([Type.String(), Type.Null()]),
  },
  Closed,
);

const TraceSchema = Type.Object(
  {
    variant: Count,
    /** By job id, in ms since the sample's first arrival. */
    arrivedMs: Type.Array(Milliseconds),
    releasedMs: Type.Array(Milliseconds),
    /** CPU work: whose, from when and to when. */
    compute: Type.Object(
      { job: Type.Array(Count), fromMs: Type.Array(Milliseconds), toMs: Type.Array(Milliseconds) },
      Closed,
    ),
  },
  Closed,
);

/** Of whatever kinds there are. */
const ChartSchema = Type.Unsafe<Chart>(Type.Union([...CHART_KINDS.values()].map(({ schema }) => schema)));

export const RunRecordSchema = Type.Object(
  {
    schemaVersion: Type.Literal(SCHEMA_VERSION),
    experiment: Type.Object(
      {
        id: Type.String({ pattern: '^[a-z0-9-]+$' }),
        title: Type.String(),
        question: Type.String(),
        /** In two or three words. */
        brief: Type.Optional(Type.String()),
      },
      Closed,
    ),
    charts: Type.Array(ChartSchema),
    /** What its samples have besides times. */
    metrics: Type.Array(MetricSchema),
    /** Null until the experiment ended. */
    words: Type.Union([WordsSchema, Type.Null()]),
    /** Groups whose rows do unequal work, so that speedups say nothing, each with the metric that says what a row did. */
    unequalWork: Type.Optional(Type.Record(Type.String(), Type.String())),
    profile: Type.String({ pattern: '^[a-z0-9-]+$' }),
    /** The workload: every parameter of the profile. */
    parameters: Type.Record(
      Type.String(),
      Type.Union([Type.Number(), Type.String(), Type.Array(Type.Number()), Type.Array(Type.String())]),
    ),
    rounds: Type.Integer({ minimum: 1 }),
    /**
     * A run that ends once each headline interval is narrower than this share, or after so many minutes for all of its
     * experiments; until then `rounds` is the most that it may have.
     */
    until: Type.Optional(
      Type.Object(
        { share: Type.Number({ exclusiveMinimum: 0 }), withinMinutes: Type.Integer({ minimum: 1 }) },
        Closed,
      ),
    ),
    warmUpRounds: Count,
    seed: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
    /** `running` in a record says that its run was killed. */
    status: Type.Union([
      Type.Literal('running'),
      Type.Literal('ok'),
      Type.Literal('errored'),
      Type.Literal('interrupted'),
      Type.Literal('skipped'),
    ]),
    /** What went wrong, or why it was skipped, in one sentence. */
    reason: Type.Union([Type.String(), Type.Null()]),
    environment: EnvironmentSchema,
    /** The peers that ran, with the versions of what they are made of. */
    peers: Type.Optional(
      Type.Array(
        Type.Object({ id: Type.String(), versions: Type.Record(Type.String(), Type.String()) }, Closed),
      ),
    ),
    /** The peers that could not run, with the reason. */
    skippedPeers: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), reason: Type.String() }, Closed)),
    ),
    /** The latency server that it waited on, where somebody else had started it. */
    remote: Type.Optional(
      Type.Object(
        {
          origin: Type.String(),
          version: Type.String(),
          /** Clients were given the variables that name a proxy. */
          keepProxy: Type.Optional(Type.Literal(true)),
          /** What it was started with, by the names of its options; none in older records. */
          settings: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]))),
        },
        Closed,
      ),
    ),
    /** What each target was started with, by name. */
    targets: Type.Record(
      Type.String(),
      Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
    ),
    /** What a target said that it is, by name, where that is not part of this project. */
    targetVersions: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** The names of targets that somebody else had started, as by DATABASE_URL; none in older records. */
    givenTargets: Type.Optional(Type.Array(Type.String())),
    variants: Type.Array(VariantSchema, { minItems: 1 }),
    samples: Type.Array(SampleSchema),
    /** The requests of the first measured round, as the target saw them. */
    traces: Type.Array(TraceSchema),
  },
  Closed,
);

export type RunRecord = Static<typeof RunRecordSchema>;

/** What is said of one experiment. */
export type Words = Static<typeof WordsSchema>;

export type RecordedVariant = Static<typeof VariantSchema>;

export type Sample = Static<typeof SampleSchema>;

export type RecordedTrace = Static<typeof TraceSchema>;

export type Environment = Static<typeof EnvironmentSchema>;
