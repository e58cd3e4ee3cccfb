/** Warnings about rows, each with its remedy. */
import { max, median } from 'simple-statistics';
import type { Warning } from '../model/row.ts';
import type { RecordedVariant, Sample } from '../record/schema.ts';
import { outliers } from '../statistics/speedup.ts';
import { count, listOf } from './wording.ts';

/** Above this share of CPU time, a row shows the client's speed instead of waiting. */
const CPU_BOUND_SHARE = 0.9;

/** A warning as one text. */
export function warningText({ what, remedy }: Warning): string {
  return remedy === '' ? what : `${what} ${remedy}`;
}

/** The warnings without duplicates, in the same order. */
export function distinctWarnings(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [warningText(warning), warning])).values()];
}

/**
 * The warnings of one row.
 *
 * @param samples of its finished rounds
 * @param ratios ln(baseline / row) of the rounds that it shares with its baseline
 */
export function rowWarnings(
  variant: RecordedVariant,
  samples: readonly Sample[],
  ratios: readonly { readonly round: number; readonly log: number }[],
): Warning[] {
  return [
    ...erroredWarning(variant),
    ...failedJobsWarning(variant, samples),
    ...cpuWarning(samples),
    ...connectionsWarning(variant, samples),
    ...outlierWarning(ratios),
  ];
}

/** The failed jobs, if the experiment counts them in the metric `failedJobs`. */
export function failedJobs(samples: readonly Sample[]): number {
  return median(samples.map(({ metrics }) => ('failedJobs' in metrics ? metrics.failedJobs! : 0)));
}

function erroredWarning({ error }: RecordedVariant): Warning[] {
  if (error === undefined) return [];
  return [
    {
      what: `It errored: ${error.replace(/\.$/, '')}.`,
      remedy: 'Mend that and run it again; earlier rounds are kept.',
    },
  ];
}

function failedJobsWarning({ jobs }: RecordedVariant, samples: readonly Sample[]): Warning[] {
  const failed = failedJobs(samples);
  if (failed === 0) return [];
  return [
    {
      what: `${failed} of ${count(jobs, 'job')} failed, so its time is not that of the whole work.`,
      remedy: 'Compare what it served, not its time.',
    },
  ];
}

/** Warns if the client's own CPU time, besides the jobs' CPU work, dominates a sample. */
function cpuWarning(samples: readonly Sample[]): Warning[] {
  // Without waiting, there is no waiting to hide.
  if (max(samples.map(({ boundMs }) => boundMs)) === 0) return [];
  const share = median(samples.map(({ cpuMs, computeMs, wallMs }) => (cpuMs - computeMs) / wallMs));
  if (share < CPU_BOUND_SHARE) return [];
  return [
    {
      what: "It is bound by the client's CPU: it shows the client's speed, not how much waiting it hid.",
      remedy: 'Use a longer latency or fewer requests in flight to see that.',
    },
  ];
}

/** Warns of a peer whose client does not keep its connections: each that it opens costs time in the sample. */
function connectionsWarning({ peer }: RecordedVariant, samples: readonly Sample[]): Warning[] {
  const opened = median(samples.map(({ target }) => target.connectionsOpened));
  if (peer === null || opened === 0) return [];
  return [
    {
      what: `Its client opened ${count(Math.round(opened), 'connection')} in the sample, besides those that were open before.`,
      remedy: 'The settings of its peer in the record say why.',
    },
  ];
}

function outlierWarning(ratios: readonly { readonly round: number; readonly log: number }[]): Warning[] {
  const found = outliers(ratios.map(({ log }) => log)).map((index) => String(ratios[index]!.round));
  if (found.length === 0) return [];
  const rounds = `${found.length === 1 ? 'Round' : 'Rounds'} ${listOf(found)}`;
  return [
    {
      what: `${rounds} ${found.length === 1 ? 'lies far from the others, and counts' : 'lie far from the others, and count'} all the same.`,
      remedy: 'More rounds narrow the interval.',
    },
  ];
}
