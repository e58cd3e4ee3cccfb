import { max, median } from 'simple-statistics';
import type { Estimate, Row } from '../model.ts';
import type { Environment, RunRecord, Sample } from '../record.ts';
import { logRatios, outliers, speedup } from '../statistics/speedup.ts';

/** Above this share of a sample's time on the CPU, a variant shows the client's speed rather than waiting. */
const CPU_BOUND_SHARE = 0.9;

/** Makes one sentence out of an experiment's rows. */
export type Finding = (rows: readonly Row[]) => string;

/** The pair of identical runs of a group: if its own ratio excludes 1, the run is not to be trusted. */
export interface ControlPair {
  readonly group: string;
  readonly variant: string;
  readonly ratio: Estimate;
  readonly trusted: boolean;
}

/** One experiment of a summary. */
export interface ExperimentSummary {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  readonly status: 'ok' | 'errored' | 'skipped';
  /** Why it is not `ok`, or null. */
  readonly reason: string | null;
  /** One sentence; empty where no round was finished. */
  readonly finding: string;
  readonly rows: readonly Row[];
  readonly controls: readonly ControlPair[];
}

/** `summary.json`: what follows from the records of one run. */
export interface Summary {
  readonly schemaVersion: 1;
  readonly profile: string;
  readonly trusted: boolean;
  readonly environment: Environment | null;
  readonly warnings: readonly string[];
  readonly experiments: readonly ExperimentSummary[];
}

/**
 * Computes the summary of a run.
 *
 * @param records of one run, in the order of the tables
 * @param findingOf gives an experiment's own finding, or undefined for one that is unknown by now
 */
export function summarise(
  records: readonly RunRecord[],
  findingOf: (experimentId: string) => Finding | undefined,
): Summary {
  const experiments = records.map((record) => summariseExperiment(record, findingOf(record.experiment.id)));
  const distrusted = experiments.flatMap(({ id, controls }) =>
    controls
      .filter((pair) => !pair.trusted)
      .map(
        ({ variant, ratio }) =>
          `This run is not to be trusted: in ${id}, two runs of the same ${variant} differ by a factor of ` +
          `${ratio.value.toFixed(3)} (${ratio.low?.toFixed(3)} to ${ratio.high?.toFixed(3)}).`,
      ),
  );
  return {
    schemaVersion: 1,
    profile: [...new Set(records.map((record) => record.profile))].join(', '),
    trusted: distrusted.length === 0,
    environment: records[0]?.environment ?? null,
    warnings: [...distrusted, ...new Set(records.flatMap((record) => record.environment.warnings))],
    experiments,
  };
}

function summariseExperiment(record: RunRecord, finding: Finding | undefined): ExperimentSummary {
  const rounds = finishedRounds(record);
  const rows = rounds.length === 0 ? [] : summariseRows(record, rounds);
  const whole = record.status === 'ok' && rounds.length === record.rounds;
  return {
    ...record.experiment,
    status: whole ? 'ok' : 'errored',
    reason: whole
      ? null
      : (record.reason ?? `The run ended after ${rounds.length} of ${record.rounds} rounds.`),
    finding: rows.length === 0 ? '' : (finding ?? genericFinding)(rows),
    rows,
    controls: rounds.length === 0 ? [] : controlPairs(record, rounds),
  };
}

/** The measured rounds in which every variant ran and every check held, each with its samples. */
function finishedRounds(record: RunRecord): Sample[][] {
  const runsPerRound = record.variants.reduce((sum, { control }) => sum + (control ? 2 : 1), 0);
  const measured = record.samples.filter((sample) => !sample.warmUp);
  return [...Map.groupBy(measured, (sample) => sample.round).values()].filter(
    (samples) => samples.length === runsPerRound && samples.every((sample) => sample.failure === null),
  );
}

function summariseRows(record: RunRecord, rounds: readonly Sample[][]): Row[] {
  const samplesOf = (variant: number) =>
    rounds.map((samples) => samples.find((sample) => sample.variant === variant && !sample.twin)!);
  return record.variants.map((variant, index) => {
    const samples = samplesOf(index);
    const wallMs = samples.map((sample) => sample.wallMs);
    const baseline = record.variants.findIndex((other) => other.group === variant.group && other.baseline);
    const baselineMs = samplesOf(baseline).map((sample) => sample.wallMs);
    const cpuShare = median(samples.map((sample) => sample.cpuMs / sample.wallMs));
    return {
      variant: variant.id,
      group: variant.group,
      baseline: variant.baseline,
      peer: variant.peer,
      rounds: rounds.length,
      medianMs: median(wallMs),
      boundMs: median(samples.map((sample) => sample.boundMs)),
      efficiency: median(samples.map((sample) => sample.boundMs / sample.wallMs)),
      speedup: speedup(baselineMs, wallMs),
      target: {
        requests: max(samples.map((sample) => sample.target.requests)),
        peakInFlight: max(samples.map((sample) => sample.target.peakInFlight)),
        connections: max(samples.map((sample) => sample.target.connectionsUsed)),
      },
      metrics: {
        cpuMs: median(samples.map((sample) => sample.cpuMs)),
        eventLoopUtilization: median(samples.map((sample) => sample.eventLoopUtilization)),
      },
      warnings: [
        ...(cpuShare >= CPU_BOUND_SHARE
          ? ['bound by the CPU of the client: it shows how fast the client is, not how much waiting it hid']
          : []),
        ...outlierWarnings(rounds, logRatios(baselineMs, wallMs)),
      ],
    };
  });
}

function outlierWarnings(rounds: readonly Sample[][], ratios: readonly number[]): string[] {
  const found = outliers(ratios).map((index) => rounds[index]![0]!.round);
  if (found.length === 0) return [];
  return [`${found.length === 1 ? 'round' : 'rounds'} ${found.join(', ')} far from the others (kept)`];
}

function controlPairs(record: RunRecord, rounds: readonly Sample[][]): ControlPair[] {
  return record.variants.flatMap((variant, index) => {
    if (!variant.control) return [];
    const timesOf = (twin: boolean) =>
      rounds.map(
        (samples) => samples.find((sample) => sample.variant === index && sample.twin === twin)!.wallMs,
      );
    const ratio = speedup(timesOf(false), timesOf(true));
    const excludesOne = ratio.low !== null && ratio.high !== null && (ratio.low > 1 || ratio.high < 1);
    return [{ group: variant.group, variant: variant.id, ratio, trusted: !excludesOne }];
  });
}

/** For a record whose experiment this version no longer has. */
function genericFinding(rows: readonly Row[]): string {
  const best = rows
    .filter((row) => !row.baseline)
    .toSorted((one, other) => other.speedup.value - one.speedup.value)[0];
  return best === undefined
    ? 'Nothing was compared.'
    : `The fastest was ${best.variant}, ${best.speedup.value.toFixed(2)} times as fast as its baseline.`;
}
