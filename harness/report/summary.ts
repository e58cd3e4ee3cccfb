import { max, median } from 'simple-statistics';
import type { Column, Estimate, Row } from '../model/row.ts';
import { isMixed } from '../record/one-run.ts';
import type { Environment, RecordedVariant, RunRecord, Sample } from '../record/schema.ts';
import { geometricCentre, logRatios, outliers, speedup } from '../statistics/speedup.ts';
import { baselineOf, finishedRounds, sampleIn, statusOf } from './finished.ts';
import { type Findings, type Sentences, sentencesOf } from './sentences.ts';

export type { Findings };

/** Above this share of a sample's time on the CPU, a variant shows the client's speed rather than waiting. */
const CPU_BOUND_SHARE = 0.9;

/** The pair of identical runs of a group, and how many times as long the first took as the second. */
export interface ControlPair {
  readonly group: string;
  readonly variant: string;
  readonly ratio: Estimate;
}

/** One experiment of a summary. */
export interface ExperimentSummary extends Omit<Sentences, 'faults'> {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly status: 'ok' | 'errored' | 'skipped';
  /** Why it is not `ok`, or null. */
  readonly reason: string | null;
  readonly rows: readonly Row[];
  /** Which metrics the tables show. */
  readonly columns: readonly Column[];
  /** Rows that were not measured at all, with the reason. */
  readonly erroredRows: readonly {
    readonly variant: string;
    readonly group: string;
    readonly reason: string;
  }[];
  /** Groups whose rows do unequal work, so that they have no speedups, each with the metric that says what a row did. */
  readonly unequalWork: Readonly<Record<string, string>>;
  /** Peers that could not run, with the reason. */
  readonly skippedPeers: readonly { readonly id: string; readonly reason: string }[];
  readonly controls: readonly ControlPair[];
  /** Where the run is mixed: what it ran in. */
  readonly environment?: Environment;
}

/** `summary.json`: what follows from the records of one run. */
export interface Summary {
  readonly schemaVersion: 1;
  readonly profile: string;
  readonly trusted: boolean;
  /** The ratio of all pairs of identical runs together: where its interval excludes 1, the run is not to be trusted. */
  readonly control: Estimate | null;
  /** Null where nothing ran, and where experiments ran in different ones, which are then told with each. */
  readonly environment: Environment | null;
  readonly warnings: readonly string[];
  readonly experiments: readonly ExperimentSummary[];
}

/**
 * Computes the summary of a run.
 *
 * @param records of one run, in the order of the tables
 * @param findingsOf gives what an experiment says of its rows, or undefined for one that is unknown by now
 */
export function summarise(
  records: readonly RunRecord[],
  findingsOf: (experimentId: string) => Findings | undefined,
): Summary {
  const made = records.map((record) => summariseExperiment(record, findingsOf(record.experiment.id)));
  const experiments = made.map(({ experiment }) => experiment);
  const mixed = isMixed(records);
  const control = controlOf(records);
  const distrust = distrustOf(control);
  return {
    schemaVersion: 1,
    profile: [...new Set(records.map((record) => record.profile))].join(', '),
    trusted: distrust === null,
    control,
    environment: mixed ? null : (records[0]?.environment ?? null),
    warnings: [
      ...(distrust === null ? [] : [`This run is not to be trusted: ${distrust}.`]),
      ...new Set(records.flatMap((record) => record.environment.warnings)),
      ...made.flatMap(({ faults }) => faults),
    ],
    experiments: mixed
      ? experiments.map((experiment, index) => ({ ...experiment, environment: records[index]!.environment }))
      : experiments,
  };
}

function summariseExperiment(
  record: RunRecord,
  findings: Findings | undefined,
): { experiment: ExperimentSummary; faults: readonly string[] } {
  const rounds = finishedRounds(record);
  // As with its sentences: where the experiment is known by now, it knows best.
  const unequalWork = (findings === undefined ? record : findings).unequalWork ?? {};
  const rows = rounds.length === 0 ? [] : summariseRows(record, rounds, unequalWork);
  const { finding, chartTitles, peersFinding, faults } = sentencesOf(record, findings, rows);
  const experiment: ExperimentSummary = {
    ...record.experiment,
    ...statusOf(record, rounds.length),
    finding,
    chartTitles,
    peersFinding,
    rows,
    columns: record.columns,
    erroredRows: record.variants.flatMap(({ id, group, error }) =>
      error === undefined || rows.some((row) => row.variant === id && row.group === group)
        ? []
        : [{ variant: id, group, reason: error }],
    ),
    unequalWork,
    skippedPeers: record.skippedPeers ?? [],
    controls: rounds.length === 0 ? [] : controlPairs(record, rounds),
  };
  return { experiment, faults };
}

function summariseRows(
  record: RunRecord,
  rounds: readonly Sample[][],
  unequalWork: Readonly<Record<string, string>>,
): Row[] {
  const drawn = new Set(
    record.charts.flatMap((chart) => ('series' in chart ? chart.series.map(({ figure }) => figure) : [])),
  );
  return record.variants.flatMap((variant, index) => {
    const baseline = baselineOf(record, index);
    const own = rounds.filter((samples) => sampleIn(samples, index) !== undefined);
    const paired = own.filter((samples) => sampleIn(samples, baseline) !== undefined);
    if (paired.length === 0) return [];
    const samples = own.map((round) => sampleIn(round, index)!);
    const losesJobs = (position: number) =>
      failedJobs(rounds.flatMap((round) => sampleIn(round, position) ?? [])) > 0;
    const timesOf = (position: number) => paired.map((round) => sampleIn(round, position)!.wallMs);
    return [
      {
        ...figuresOf(variant, samples, drawn),
        speedup: speedup(timesOf(baseline), timesOf(index)),
        sameWork: !Object.hasOwn(unequalWork, variant.group) && !losesJobs(index) && !losesJobs(baseline),
        nearest: nearestOf(record, index, own),
        warnings: [
          ...(variant.error === undefined ? [] : [`errored: ${variant.error.replace(/\.$/, '')}`]),
          ...failureWarnings(variant, samples),
          ...cpuWarnings(samples),
          ...outlierWarnings(paired, logRatios(timesOf(baseline), timesOf(index))),
        ],
      },
    ];
  });
}

/** How many times as fast and as efficient as a peer our row beside it is, paired by round. */
function nearestOf(record: RunRecord, index: number, rounds: readonly Sample[][]): Row['nearest'] {
  const { nearest, group } = record.variants[index]!;
  if (nearest === undefined) return null;
  const ours = record.variants.findIndex((other) => other.id === nearest && other.group === group);
  const pairs = rounds.flatMap((samples) => {
    const [peer, our] = [sampleIn(samples, index), sampleIn(samples, ours)];
    return peer === undefined || our === undefined ? [] : [{ peer, our }];
  });
  // A bound of 0 says nothing, and its logarithm would be none.
  const bounded = pairs.filter(({ peer, our }) => peer.boundMs > 0 && our.boundMs > 0);
  if (bounded.length === 0) return null;
  const ratioOf = (figure: (sample: Sample) => number) =>
    speedup(
      bounded.map(({ peer }) => figure(peer)),
      bounded.map(({ our }) => figure(our)),
    );
  return {
    variant: nearest,
    speedup: ratioOf(({ wallMs }) => wallMs),
    efficiency: ratioOf(({ wallMs, boundMs }) => wallMs / boundMs),
  };
}

/** What follows from a variant's own samples, without its baseline; `drawn` names the metrics that charts show. */
function figuresOf(
  variant: RecordedVariant,
  samples: readonly Sample[],
  drawn: ReadonlySet<string>,
): Omit<Row, 'speedup' | 'sameWork' | 'nearest' | 'warnings'> {
  const medianOf = (figure: (sample: Sample) => number) => median(samples.map(figure));
  const maxOf = (figure: (sample: Sample) => number) => max(samples.map(figure));
  const measured = samples.map((sample) => metricsOf(variant, sample));
  const valuesOf = (name: string) => measured.map((metrics) => metrics[name] ?? 0);
  const names = Object.keys(measured[0]!);
  // Of 0 there is no logarithm.
  const positive = names.filter((name) => drawn.has(name) && valuesOf(name).every((value) => value > 0));
  return {
    variant: variant.id,
    group: variant.group,
    baseline: variant.baseline,
    headline: variant.headline,
    peer: variant.peer,
    parameters: variant.parameters,
    rounds: samples.length,
    medianMs: medianOf((sample) => sample.wallMs),
    time: geometricCentre(samples.map((sample) => sample.wallMs)),
    boundMs: medianOf((sample) => sample.boundMs),
    efficiency: medianOf((sample) => sample.boundMs / sample.wallMs),
    target: {
      requests: maxOf((sample) => sample.target.requests),
      peakInFlight: maxOf((sample) => sample.target.peakInFlight),
      connections: maxOf((sample) => sample.target.connectionsUsed),
    },
    metrics: Object.fromEntries(names.map((name) => [name, median(valuesOf(name))])),
    metricIntervals: Object.fromEntries(positive.map((name) => [name, geometricCentre(valuesOf(name))])),
  };
}

/** Every further figure of one sample: those that any sample has, and those of its experiment. */
function metricsOf(variant: RecordedVariant, sample: Sample): Record<string, number> {
  const { wallMs, cpuMs, computeMs, eventLoopUtilization, target, metrics } = sample;
  const { jobs, peer } = variant;
  return {
    timePerJobMs: wallMs / jobs,
    cpuMs,
    cpuPerJobMs: cpuMs / jobs,
    computeMs,
    taskComputeMs: computeMs / jobs,
    ...(peer ? {} : { eventLoopUtilization }),
    jobsPerSecond: (jobs / wallMs) * 1000,
    requestsPerSecond: (target.requests / wallMs) * 1000,
    ...metrics,
  };
}

/** Where failing is part of the question, an experiment counts it in the metric `failedJobs`. */
function failedJobs(samples: readonly Sample[]): number {
  return median(samples.map(({ metrics }) => metrics.failedJobs ?? 0));
}

function failureWarnings({ jobs }: RecordedVariant, samples: readonly Sample[]): string[] {
  const failed = failedJobs(samples);
  return failed === 0
    ? []
    : [`${failed} of ${jobs} jobs failed, so that its time is not that of the whole work`];
}

/** The jobs' own CPU work is what is measured; what the client adds to it can make a sample the client's. */
function cpuWarnings(samples: readonly Sample[]): string[] {
  // Where nothing is waited for, nothing could be hidden.
  if (samples.every(({ boundMs }) => boundMs === 0)) return [];
  const share = median(samples.map(({ cpuMs, computeMs, wallMs }) => (cpuMs - computeMs) / wallMs));
  if (share < CPU_BOUND_SHARE) return [];
  return ['bound by the CPU of the client: it shows how fast the client is, not how much waiting it hid'];
}

function outlierWarnings(rounds: readonly Sample[][], ratios: readonly number[]): string[] {
  const found = outliers(ratios).map((index) => rounds[index]![0]!.round);
  if (found.length === 0) return [];
  return [`${found.length === 1 ? 'round' : 'rounds'} ${found.join(', ')} far from the others (kept)`];
}

function controlPairs(record: RunRecord, rounds: readonly Sample[][]): ControlPair[] {
  return record.variants.flatMap((variant, index) => {
    if (!variant.control) return [];
    const pairs = rounds.map((samples) => pairOf(samples, index)).filter((pair) => pair !== null);
    if (pairs.length === 0) return [];
    const ratio = speedup(
      pairs.map(([first]) => first),
      pairs.map(([, second]) => second),
    );
    return [{ group: variant.group, variant: variant.id, ratio }];
  });
}

/** The times of both runs of a control in one round. */
function pairOf(samples: readonly Sample[], variant: number): [number, number] | null {
  const find = (twin: boolean) =>
    samples.find((sample) => sample.variant === variant && sample.twin === twin);
  const [first, second] = [find(false), find(true)];
  return first === undefined || second === undefined ? null : [first.wallMs, second.wallMs];
}

/**
 * One ratio for all pairs of a run, from the median of their logarithms in each round: of a dozen pairs on their own,
 * one in two runs would have one whose interval excludes 1 by chance, and in a mean those of a tenth of a ms would
 * drown the others.
 */
export function controlOf(records: readonly RunRecord[]): Estimate | null {
  const logs = new Map<number, number[]>();
  for (const record of records)
    for (const samples of finishedRounds(record))
      for (const [index, { control }] of record.variants.entries()) {
        const pair = control ? pairOf(samples, index) : null;
        const round = samples[0]!.round;
        if (pair !== null) logs.set(round, [...(logs.get(round) ?? []), Math.log(pair[0] / pair[1])]);
      }
  if (logs.size === 0) return null;
  const medians = [...logs.values()].map((list) => Math.exp(median(list)));
  return geometricCentre(medians);
}

/** Why a run with these pairs is not to be trusted, as the end of a sentence; null where it is. */
export function distrustOf(control: Estimate | null): string | null {
  if (control === null || control.low === null || control.high === null) return null;
  const { value, low, high } = control;
  if (low <= 1 && high >= 1) return null;
  const factor = `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  return `two runs of the same variant differ by a factor of ${factor}`;
}
