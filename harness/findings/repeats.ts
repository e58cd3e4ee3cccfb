/** Several samples of one variant within a round, as one. */
import { max, median, min } from 'simple-statistics';
import type { Sample } from '../record/schema.ts';

/**
 * Times are the median of logarithms, so that a round has one figure and pairing by round stays; so is the share of the
 * bound. Other figures are medians, and what the target saw is the most of it.
 *
 * @param samples of one variant in one round, at least one
 */
export function mergeRepeats(samples: readonly Sample[]): Sample {
  const { repeat, ...first } = samples[0]!;
  const valuesOf = (figure: (sample: Sample) => number) => samples.map(figure);
  const wallMs = geometricMedian(valuesOf((sample) => sample.wallMs));
  return {
    ...first,
    wallMs,
    cpuMs: median(valuesOf((sample) => sample.cpuMs)),
    eventLoopUtilization: median(valuesOf((sample) => sample.eventLoopUtilization)),
    computeMs: median(valuesOf((sample) => sample.computeMs)),
    metrics: mergeMetrics(samples),
    boundMs: samples.some(({ boundMs }) => boundMs === 0)
      ? 0
      : wallMs * geometricMedian(valuesOf((sample) => sample.boundMs / sample.wallMs)),
    hold: {
      shortestMs: min(valuesOf(({ hold }) => hold.shortestMs)),
      longestMs: max(valuesOf(({ hold }) => hold.longestMs)),
      totalMs: median(valuesOf(({ hold }) => hold.totalMs)),
    },
    target: {
      requests: max(valuesOf(({ target }) => target.requests)),
      peakInFlight: max(valuesOf(({ target }) => target.peakInFlight)),
      connectionsUsed: max(valuesOf(({ target }) => target.connectionsUsed)),
      connectionsOpened: max(valuesOf(({ target }) => target.connectionsOpened)),
    },
  };
}

/** The figure of a round from the times of its repeats: the exponential of the median of their logarithms. */
export function geometricMedian(values: readonly number[]): number {
  return Math.exp(median(values.map(Math.log)));
}

/** Merges the metrics that every sample has. */
function mergeMetrics(samples: readonly Sample[]): Sample['metrics'] {
  const names = Object.keys(samples[0]!.metrics).filter((name) =>
    samples.every(({ metrics }) => name in metrics),
  );
  return Object.fromEntries(
    names.map((name) => [name, median(samples.map(({ metrics }) => metrics[name]!))]),
  );
}
