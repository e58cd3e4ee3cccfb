/** The record of one experiment's run: the only data that reports take from a measurement. */
import { type Static, Type } from 'typebox';
import { CHART_KINDS } from '../charts/kinds.ts';
import type { Chart } from '../model/chart.ts';
import type { Finding } from '../model/finding.ts';
import type { PeerSetting } from '../model/peer.ts';
import type { Metric } from '../model/row.ts';

/**
 * Increases when older releases would misread a record. Each older version has a module `version-N.ts` that converts its
 * records to the next version, and a test that reads one. Records since version 2 stay readable.
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

/** The sentences made when the experiment ended, so that reports do not need the experiment. */
const WordsSchema = Type.Object(
  {
    /** Null if no round was finished. */
    finding: Type.Union([
      Type.Unsafe<Finding>(
        Type.Object(
          { headline: Type.String(), short: Type.String(), details: Type.Array(Type.String()) },
          Closed,
        ),
      ),
      Type.Null(),
    ]),
    /** How our rows compare with the peers' rows; empty without peers. */
    peersFinding: Type.String(),
    /** The title of each chart, by its view. */
    chartTitles: Type.Record(Type.String(), Type.String()),
  },
  Closed,
);

/** The machine, the software and the project of a run. */
export const EnvironmentSchema = Type.Object(
  {
    node: Type.String(),
    /**
     * Whether that Node is the npm package `node` of the project, or that of Overlap's own lock, or the Node that the user
     * installed on the machine; left out in older records.
     */
    nodeFrom: Type.Optional(Type.Union([Type.Literal('lock'), Type.Literal('machine')])),
    v8: Type.String(),
    libuv: Type.String(),
    /** The versions of undici in node_modules and inside Node, where its fetch uses it. */
    undici: Type.Object({ installed: Type.String(), insideNode: Type.String() }, Closed),
    packages: Type.Record(Type.String(), Type.String()),
    cpu: Type.Object({ model: Type.String(), count: Count }, Closed),
    memoryBytes: Count,
    os: Type.Object({ platform: Type.String(), release: Type.String(), arch: Type.String() }, Closed),
    /** The load average of one minute before the run began. */
    loadBefore: Type.Number({ minimum: 0 }),
    /** Null without a commit; `dirty` is null if git cannot tell. A warning has the reason. */
    git: Type.Union([
      Type.Object({ commit: Type.String(), dirty: Type.Union([Type.Boolean(), Type.Null()]) }, Closed),
      Type.Null(),
    ]),
    /**
     * Environment variables that may have affected the measurement (null: the value may hold a path or a password), and the
     * names of withheld variables, such as those of proxies.
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
    /** The project's name and version in its package.json; null without a name there, and in older records. */
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
    /** Whether it is one of the rows that the experiment is about. */
    headline: Type.Boolean(),
    /** Whether it is a floor: the least time of this runtime, a reference for other rows. */
    floor: Type.Optional(Type.Literal(true)),
    /** The id of the peer that measures it; null for our own rows. */
    peer: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
    /** For a peer's row: the id of our row that it is compared with. */
    nearest: Type.Optional(Type.String()),
    /** Why it failed and has no further samples. */
    error: Type.Optional(Type.String()),
    jobs: Type.Integer({ minimum: 1 }),
    limit: Type.Integer({ minimum: 1 }),
    /** The name of the target it waits on. */
    target: Type.String({ minLength: 1 }),
    /** It runs in this many measured rounds, from the first. */
    rounds: Type.Integer({ minimum: 1 }),
    /** How often it runs within a measured round, if more than once. */
    repeats: Type.Optional(Type.Integer({ minimum: 2 })),
    parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
  },
  Closed,
);

const PeerSettingSchema = Type.Unsafe<PeerSetting>(
  Type.Object(
    {
      name: Type.String(),
      value: Type.String(),
      default: Type.Optional(Type.String()),
      why: Type.Optional(Type.String()),
    },
    Closed,
  ),
);

const SampleSchema = Type.Object(
  {
    round: Type.Integer({ minimum: 1 }),
    /** Warm-up rounds are counted separately and left out of the summary. */
    warmUp: Type.Boolean(),
    /** Position of the variant in the round's order, from 0. */
    position: Count,
    /** Position of the variant in the record's list. */
    variant: Count,
    /** The second run of the control in this round. */
    twin: Type.Boolean(),
    /** The number of the repeat within the round, if it is not the first. */
    repeat: Type.Optional(Type.Integer({ minimum: 2 })),
    wallMs: Type.Number({ exclusiveMinimum: 0 }),
    /** User and system CPU time of the measured process. */
    cpuMs: Milliseconds,
    eventLoopUtilization: Type.Number({ minimum: 0, maximum: 1 }),
    /** The CPU work of the jobs themselves. */
    computeMs: Milliseconds,
    /** The experiment's other figures, with the unit at the end of the name. */
    metrics: Type.Record(Type.String(), Type.Number()),
    boundMs: Milliseconds,
    checksum: Type.String(),
    hold: Type.Object({ shortestMs: Milliseconds, longestMs: Milliseconds, totalMs: Milliseconds }, Closed),
    target: Type.Object(
      { requests: Count, peakInFlight: Count, connectionsUsed: Count, connectionsOpened: Count },
      Closed,
    ),
    /** The failed check of this sample, or null. */
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
    /** CPU work: job, start and end. */
    compute: Type.Object(
      { job: Type.Array(Count), fromMs: Type.Array(Milliseconds), toMs: Type.Array(Milliseconds) },
      Closed,
    ),
  },
  Closed,
);

/** A union of all kinds of charts. */
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
    /** The figures of its samples besides times. */
    metrics: Type.Array(MetricSchema),
    /** Null until the experiment has ended. */
    words: Type.Union([WordsSchema, Type.Null()]),
    /** Groups whose rows do unequal work, which makes speedups meaningless, each with the metric of the work done. */
    unequalWork: Type.Optional(Type.Record(Type.String(), Type.String())),
    profile: Type.String({ pattern: '^[a-z0-9-]+$' }),
    /** The workload: every parameter of the profile. */
    parameters: Type.Record(
      Type.String(),
      Type.Union([Type.Number(), Type.String(), Type.Array(Type.Number()), Type.Array(Type.String())]),
    ),
    rounds: Type.Integer({ minimum: 1 }),
    /**
     * The run ends when each headline interval is narrower than this share, or after this many minutes for all experiments.
     * Until then `rounds` is the maximum.
     */
    until: Type.Optional(
      Type.Object(
        { share: Type.Number({ exclusiveMinimum: 0 }), withinMinutes: Type.Integer({ minimum: 1 }) },
        Closed,
      ),
    ),
    /** Rounds can have other repeats of a row than it declares, as later rounds of `compare --base` have. */
    otherRepeats: Type.Optional(Type.Literal(true)),
    warmUpRounds: Count,
    seed: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
    /** `running` means that the run was killed. */
    status: Type.Union([
      Type.Literal('running'),
      Type.Literal('ok'),
      Type.Literal('errored'),
      Type.Literal('interrupted'),
      Type.Literal('skipped'),
    ]),
    /** Why it failed or was skipped, in one sentence. */
    reason: Type.Union([Type.String(), Type.Null()]),
    environment: EnvironmentSchema,
    /** The peers that ran, with the versions of their runtimes and libraries. */
    peers: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Type.String(),
            /** The name of its runtime; left out in older records, as are its client and settings. */
            runtime: Type.Optional(Type.String()),
            versions: Type.Record(Type.String(), Type.String()),
            /** The library that sends its requests. */
            client: Type.Optional(Type.String()),
            /** The settings of that library, with the default and a reason where the value is another. */
            settings: Type.Optional(Type.Array(PeerSettingSchema)),
            /** Why it opens connections during a batch. */
            reconnects: Type.Optional(Type.String()),
          },
          Closed,
        ),
      ),
    ),
    /** The peers that could not run, with the reason. */
    skippedPeers: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), reason: Type.String() }, Closed)),
    ),
    /** The plan that this run follows, if one was given; all its parts have the same hash. */
    plan: Type.Optional(
      Type.Object(
        {
          hash: Type.String({ minLength: 1 }),
          /** The ids of the experiments of each part. */
          shards: Type.Array(Type.Array(Type.String())),
          /** The number of this part, from 1; left out where one machine runs the whole plan. */
          shard: Type.Optional(Type.Integer({ minimum: 1 })),
          /** The engine that told the number. */
          engine: Type.Optional(Type.String()),
        },
        Closed,
      ),
    ),
    /** The latency server of --target, if one was given. */
    remote: Type.Optional(
      Type.Object(
        {
          origin: Type.String(),
          version: Type.String(),
          /** Clients got the environment variables of the proxy. */
          keepProxy: Type.Optional(Type.Literal(true)),
          /** Its start options, by name; left out in older records. */
          settings: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]))),
        },
        Closed,
      ),
    ),
    /** The start options of each target, by the target's name. */
    targets: Type.Record(
      Type.String(),
      Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
    ),
    /** The versions of targets that are not part of this project, by the target's name. */
    targetVersions: Type.Optional(Type.Record(Type.String(), Type.String())),
    /** The names of targets that already ran, as with DATABASE_URL; left out in older records. */
    givenTargets: Type.Optional(Type.Array(Type.String())),
    variants: Type.Array(VariantSchema, { minItems: 1 }),
    samples: Type.Array(SampleSchema),
    /** The requests of the first measured round, as the target saw them. */
    traces: Type.Array(TraceSchema),
  },
  Closed,
);

export type RunRecord = Static<typeof RunRecordSchema>;

/** The sentences about one experiment. */
export type Words = Static<typeof WordsSchema>;

export type RecordedVariant = Static<typeof VariantSchema>;

export type Sample = Static<typeof SampleSchema>;

export type RecordedTrace = Static<typeof TraceSchema>;

export type Environment = Static<typeof EnvironmentSchema>;
