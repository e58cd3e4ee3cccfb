/** Makes the rows of a record. */
import { max, median } from 'simple-statistics';
import type { Row } from '../model/row.ts';
import type { RecordedVariant, RunRecord, Sample } from '../record/schema.ts';
import { geometricCentre, logRatios, speedup } from '../statistics/speedup.ts';
import { baselineOf, finishedRounds, sampleIn } from './finished.ts';
import { failedJobs, rowWarnings } from './warnings.ts';

/**
 * The rows of a record: the figures from the finished rounds of each variant.
 *
 * @param unequalWork groups whose rows do unequal work, by their names
 * @returns an empty list if no round was finished; a variant that was never measured with its baseline has no row
 */
export function rowsOfRecord(
  record: RunRecord,
  unequalWork: Readonly<Record<string, string>> = record.unequalWork ?? {},
): Row[] {
  const rounds = finishedRounds(record);
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
        warnings: rowWarnings(
          variant,
          samples,
          logRatios(timesOf(baseline), timesOf(index)).map((log, at) => ({
            log,
            round: paired[at]![0]!.round,
          })),
        ),
      },
    ];
  });
}

/** The ratios of speed and efficiency of our row to a peer's, paired by round. */
function nearestOf(record: RunRecord, index: number, rounds: readonly Sample[][]): Row['nearest'] {
  const { nearest, group } = record.variants[index]!;
  if (nearest === undefined) return null;
  const ours = record.variants.findIndex((other) => other.id === nearest && other.group === group);
  const pairs = rounds.flatMap((samples) => {
    const [peer, our] = [sampleIn(samples, index), sampleIn(samples, ours)];
    return peer === undefined || our === undefined ? [] : [{ peer, our }];
  });
  // A bound of 0 has no meaning and no logarithm.
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

/** The figures from a variant's own samples, without its baseline; `drawn` names the metrics that charts show. */
function figuresOf(
  variant: RecordedVariant,
  samples: readonly Sample[],
  drawn: ReadonlySet<string>,
): Omit<Row, 'speedup' | 'sameWork' | 'nearest' | 'warnings'> {
  const medianOf = (figure: (sample: Sample) => number) => median(samples.map(figure));
  const maxOf = (figure: (sample: Sample) => number) => max(samples.map(figure));
  const measured = samples.map((sample) => metricsOf(variant, sample));
  const valuesOf = (name: string) => measured.map((metrics) => metrics[name]!);
  // A figure that only some samples have is not a figure of the row.
  const names = Object.keys(measured[0]!).filter((name) => measured.every((metrics) => name in metrics));
  // 0 has no logarithm.
  const positive = names.filter((name) => drawn.has(name) && valuesOf(name).every((value) => value > 0));
  return {
    variant: variant.id,
    group: variant.group,
    baseline: variant.baseline,
    headline: variant.headline,
    floor: variant.floor === true,
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

/** All further figures of one sample: those of the harness, and those of its experiment. */
function metricsOf(variant: RecordedVariant, sample: Sample): Record<string, number> {
  const { wallMs, cpuMs, computeMs, eventLoopUtilization, target, metrics } = sample;
  const { jobs, peer } = variant;
  return {
    timePerJobMs: wallMs / jobs,
    cpuMs,
    cpuPerJobMs: cpuMs / jobs,
    computeMs,
    taskComputeMs: computeMs / jobs,
    ...(peer === null ? { eventLoopUtilization } : {}),
    jobsPerSecond: (jobs / wallMs) * 1000,
    requestsPerSecond: (target.requests / wallMs) * 1000,
    ...metrics,
  };
}
