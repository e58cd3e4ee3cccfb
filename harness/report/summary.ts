import { type ControlPair, controlOf, controlPairs, distrustOf } from '../findings/control.ts';
import { finishedRounds, statusOf } from '../findings/finished.ts';
import { rowsOfRecord } from '../findings/rows.ts';
import { distinctWarnings, warningText } from '../findings/warnings.ts';
import { type Worded, wordsOf } from '../findings/words.ts';
import type { Estimate, Metric, Row, Warning } from '../model/row.ts';
import { isMixed } from '../record/one-run.ts';
import type { Environment, RunRecord, Words } from '../record/schema.ts';

/** Returns the sentences of an experiment by its id; undefined if the project does not have it. */
export type WordsOf = (experimentId: string) => Worded | undefined;

/** One experiment of a summary. */
export interface ExperimentSummary extends Words {
  readonly id: string;
  readonly title: string;
  readonly question: string;
  /** In two or three words; empty for an experiment without one. */
  readonly brief: string;
  readonly status: 'ok' | 'errored' | 'skipped';
  /** Why the status is not `ok`, or null. */
  readonly reason: string | null;
  readonly rows: readonly Row[];
  /** Its figures besides times; those with a heading are in the tables. */
  readonly metrics: readonly Metric[];
  /** Rows without any measurement, with the reason. */
  readonly erroredRows: readonly {
    readonly variant: string;
    readonly group: string;
    readonly reason: string;
  }[];
  /** Groups whose rows do unequal work and so have no speedups, each with the metric of the work done. */
  readonly unequalWork: Readonly<Record<string, string>>;
  /** Peers that could not run, with the reason. */
  readonly skippedPeers: readonly { readonly id: string; readonly reason: string }[];
  readonly controls: readonly ControlPair[];
  /** In a mixed run: the environment of this experiment. */
  readonly environment?: Environment;
}

/** The summary of one run. */
export interface Summary {
  readonly profile: string;
  readonly trusted: boolean;
  /** The common ratio of all pairs of identical variants: if its interval excludes 1, the run cannot be trusted. */
  readonly control: Estimate | null;
  /** Null if no experiment ran, or if environments differ, which are then given per experiment. */
  readonly environment: Environment | null;
  readonly warnings: readonly Warning[];
  readonly experiments: readonly ExperimentSummary[];
}

/**
 * Computes the summary of a run.
 *
 * @param records those of one run, in the order of the tables
 * @param experimentOf returns the project's experiment; without it, the sentences of the record are used
 */
export function summarise(records: readonly RunRecord[], experimentOf: WordsOf): Summary {
  const made = records.map((record) => summariseExperiment(record, experimentOf(record.experiment.id)));
  const experiments = made.map(({ experiment }) => experiment);
  const mixed = isMixed(records);
  const control = controlOf(records);
  const distrust = distrustOf(control);
  return {
    profile: [...new Set(records.map((record) => record.profile))].join(', '),
    trusted: distrust === null,
    control,
    environment: mixed ? null : (records[0]?.environment ?? null),
    warnings: distinctWarnings([
      ...(distrust === null ? [] : [distrust]),
      ...records.flatMap((record) => record.environment.warnings),
      ...made.flatMap(({ faults }) => faults),
    ]),
    experiments: mixed
      ? experiments.map((experiment, index) => ({ ...experiment, environment: records[index]!.environment }))
      : experiments,
  };
}

function summariseExperiment(
  record: RunRecord,
  experiment: Worded | undefined,
): { experiment: ExperimentSummary; faults: readonly Warning[] } {
  // The current experiment has priority over the record.
  const { unequalWork = {} } = experiment ?? record;
  const rows = rowsOfRecord(record, unequalWork);
  const { words, faults } = wordsOf(record, experiment, rows);
  const summary: ExperimentSummary = {
    ...record.experiment,
    brief: experiment?.brief ?? record.experiment.brief ?? '',
    ...statusOf(record, finishedRounds(record).length),
    ...words,
    rows,
    metrics: metricsOf(record, experiment),
    erroredRows: record.variants.flatMap(({ id, group, error }) =>
      error === undefined || rows.some((row) => row.variant === id && row.group === group)
        ? []
        : [{ variant: id, group, reason: error }],
    ),
    unequalWork,
    skippedPeers: record.skippedPeers ?? [],
    controls: controlPairs(record),
  };
  return { experiment: summary, faults };
}

/** The metrics that the experiment declares now, and metrics of the record that it no longer has. */
function metricsOf(record: RunRecord, experiment: Worded | undefined): readonly Metric[] {
  const now = experiment?.metrics ?? [];
  return [...now, ...record.metrics.filter(({ name }) => now.every((metric) => metric.name !== name))];
}

/**
 * `summary.json`, whose format other programs rely on: fields keep their names and meanings, and new fields may be added.
 */
export function summaryJson(summary: Summary): object {
  return {
    schemaVersion: 1,
    ...summary,
    ...environmentJson(summary.environment),
    warnings: summary.warnings.map(warningText),
    experiments: summary.experiments.map(({ finding, metrics, rows, environment, ...experiment }) => ({
      ...experiment,
      ...(environment === undefined ? {} : environmentJson(environment)),
      finding: finding?.headline ?? '',
      short: finding?.short ?? '',
      details: finding?.details ?? [],
      metrics,
      columns: metrics.flatMap(({ name, heading }) =>
        heading === undefined ? [] : [{ metric: name, heading }],
      ),
      rows: rows.map(({ peer, warnings, ...row }) => ({
        ...row,
        peer: peer !== null,
        peerId: peer,
        warnings: warnings.map(warningText),
      })),
    })),
  };
}

function environmentJson(environment: Environment | null): { environment: object | null } {
  if (environment === null) return { environment };
  return { environment: { ...environment, warnings: environment.warnings.map(warningText) } };
}
