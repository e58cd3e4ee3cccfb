import { markdownTable } from 'markdown-table';
import type { Estimate } from '../model.ts';
import type { Environment, RunRecord } from '../record.ts';
import { type Change, compare, type Sides, type Verdict } from '../statistics/comparison.ts';
import { speedupOfLogs } from '../statistics/speedup.ts';
import { ratiosOf } from './finished.ts';
import { escapeMarkdown } from './markdown.ts';
import { drawTable } from './table.ts';
import { formatRatio, joinNames, TERMINAL_WIDTH, wrapText } from './text.ts';

/** Runs that cannot be compared; the message is one sentence. */
export class Incomparable extends Error {}

/** One row that both runs have. */
export interface ComparedRow extends Change {
  readonly experiment: string;
  readonly group: string;
  readonly variant: string;
  readonly headline: boolean;
  readonly before: Estimate;
  readonly after: Estimate;
}

/** What two runs say together. */
export interface Comparison {
  readonly margin: number;
  readonly rows: readonly ComparedRow[];
  /** Rows that one run has and the other has not, as `crawl, semaphore@10`. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** What makes them less alike than they should be, one sentence each. */
  readonly warnings: readonly string[];
  /** Rows that regressed when they were measured again, and rows that then did not; null where nothing was. */
  readonly again: { readonly confirmed: readonly string[]; readonly refuted: readonly string[] } | null;
}

/**
 * Compares the speedups of two runs.
 *
 * @param margin as a share, see `compare`
 * @param strict refuses what is otherwise a warning
 * @param paired both were measured in the same rounds, of which both have as many
 * @throws Incomparable where the runs did other work, share no row, or differ under `strict`
 */
export function compareRuns(
  before: readonly RunRecord[],
  after: readonly RunRecord[],
  {
    margin,
    strict = false,
    paired = false,
  }: { readonly margin: number; readonly strict?: boolean; readonly paired?: boolean },
): Comparison {
  const shared = after.flatMap((record) => {
    const earlier = before.find(({ experiment }) => experiment.id === record.experiment.id);
    return earlier === undefined ? [] : [[earlier, record] as const];
  });
  for (const [earlier, later] of shared) refuseOtherWork(earlier, later);
  const warnings = shared
    .slice(0, 1)
    .flatMap(([earlier, later]) => differences(earlier.environment, later.environment));
  if (strict && warnings.length > 0) throw new Incomparable(`With --strict: ${warnings[0]}`);
  const [rowsBefore, rowsAfter] = [before.flatMap(rowsOf), after.flatMap(rowsOf)];
  const pairs = rowsAfter.flatMap((row) => {
    const earlier = rowsBefore.find(({ name }) => name === row.name);
    return earlier === undefined ? [] : [{ earlier, row }];
  });
  if (pairs.length === 0) throw new Incomparable('The two runs share no row that could be compared.');
  const changes = compare(
    pairs.map(({ earlier, row }): Sides => ({ before: earlier.logs, after: row.logs })),
    margin,
    paired,
  );
  const missing = (these: readonly MeasuredRow[], those: readonly MeasuredRow[]) =>
    these.map(({ name }) => name).filter((name) => !those.some((other) => other.name === name));
  return {
    margin,
    rows: pairs.map(({ earlier, row: { name, logs, ...row } }, index) => ({
      ...row,
      before: speedupOfLogs(earlier.logs),
      after: speedupOfLogs(logs),
      ...changes[index]!,
    })),
    onlyBefore: missing(rowsBefore, rowsAfter),
    onlyAfter: missing(rowsAfter, rowsBefore),
    warnings,
    again: null,
  };
}

/**
 * What is left of a comparison once its regressions were measured again: one that did not come again is inconclusive.
 *
 * @param second of at least the rows that regressed, by the same margin
 */
export function confirm(first: Comparison, second: Comparison): Comparison {
  const cameAgain = (row: ComparedRow) =>
    second.rows.some((other) => nameOf(other) === nameOf(row) && other.verdict === 'regressed');
  const regressed = first.rows.filter(({ verdict }) => verdict === 'regressed');
  return {
    ...first,
    rows: first.rows.map((row) =>
      row.verdict === 'regressed' && !cameAgain(row) ? { ...row, verdict: 'inconclusive' } : row,
    ),
    again: {
      confirmed: regressed.filter(cameAgain).map(nameOf),
      refuted: regressed.filter((row) => !cameAgain(row)).map(nameOf),
    },
  };
}

/** The experiments in which a row regressed. */
export function regressedExperiments({ rows }: Comparison): string[] {
  return [
    ...new Set(rows.filter(({ verdict }) => verdict === 'regressed').map(({ experiment }) => experiment)),
  ];
}

/** Whether more rounds could decide nothing more. */
export function isDecided({ rows }: Comparison): boolean {
  return rows.every(({ verdict }) => verdict !== 'inconclusive');
}

/** How many rows there are of each verdict, the worst first. */
export function verdictCounts(rows: readonly ComparedRow[]): { verdict: Verdict; count: number }[] {
  return (['regressed', 'improved', 'unchanged', 'inconclusive'] as const).map((verdict) => ({
    verdict,
    count: rows.filter((row) => row.verdict === verdict).length,
  }));
}

/** As in `crawl, semaphore@100`. */
function nameOf({
  experiment,
  group,
  variant,
}: Pick<ComparedRow, 'experiment' | 'group' | 'variant'>): string {
  return joinNames([experiment, group, variant], ', ');
}

interface MeasuredRow {
  readonly name: string;
  readonly experiment: string;
  readonly group: string;
  readonly variant: string;
  readonly headline: boolean;
  readonly logs: readonly number[];
}

/** What can change between two runs of ours: baselines are 1 by definition, and peers are not ours. */
function rowsOf(record: RunRecord): MeasuredRow[] {
  const experiment = record.experiment.id;
  return ratiosOf(record)
    .filter(({ variant, logs }) => !variant.baseline && !variant.peer && logs.length > 0)
    .map(({ variant: { id, group, headline }, logs }) => ({
      name: nameOf({ experiment, group, variant: id }),
      experiment,
      group,
      variant: id,
      headline,
      logs,
    }));
}

function refuseOtherWork(before: RunRecord, after: RunRecord): void {
  const { id } = after.experiment;
  if (before.profile !== after.profile)
    throw new Incomparable(
      `${id} ran in profile ${before.profile} before and ${after.profile} now: other work.`,
    );
  if (
    JSON.stringify([before.parameters, before.targets]) !== JSON.stringify([after.parameters, after.targets])
  )
    throw new Incomparable(`${id} ran with other parameters before than now: other work.`);
}

function differences(before: Environment, after: Environment): string[] {
  const majorOf = ({ node }: Environment) => node.split('.')[0]!;
  const facts: [string, string, string][] = [
    ['Node', majorOf(before), majorOf(after)],
    ['the processor', before.cpu.model, after.cpu.model],
    ['undici', before.undici.installed, after.undici.installed],
  ];
  return facts
    .filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => `The runs differ in ${what}: ${was} before, ${is} now.`);
}

const HEADINGS = ['variant', 'before', 'now', 'change', '95 % interval', 'p (Holm)', 'verdict'];

/** For a terminal of 80 columns: a table for each experiment's group. */
export function comparisonText(comparison: Comparison): string {
  const groups = Map.groupBy(comparison.rows, ({ experiment, group }) =>
    joinNames([experiment, group], ', '),
  );
  const tables = [...groups].map(
    ([name, rows]) =>
      `${name}\n${drawTable([HEADINGS, ...rows.map((row) => [row.variant, ...cellsOf(row)])])}\n`,
  );
  const lines = remarks(comparison).flatMap((remark) => wrapText(remark, TERMINAL_WIDTH));
  return [...tables, lines.join('\n')].join('\n');
}

/** For a pull request or a step's summary. */
export function comparisonMarkdown(comparison: Comparison): string {
  const rows = comparison.rows.map((row) =>
    [row.experiment, row.group, row.variant, ...cellsOf(row)].map(escapeMarkdown),
  );
  const table = markdownTable([['experiment', 'group', ...HEADINGS], ...rows], {
    align: ['l', 'l', 'l', 'r', 'r', 'r', 'r', 'r', 'l'],
  });
  return `${['## Speedups compared', table, ...remarks(comparison).map(escapeMarkdown)].join('\n\n')}\n`;
}

function cellsOf({ before, after, ratio, adjustedP, verdict }: ComparedRow): string[] {
  const percent = (share: number) => `${share >= 1 ? '+' : ''}${((share - 1) * 100).toFixed(1)}`;
  return [
    formatRatio(before.value),
    formatRatio(after.value),
    `${percent(ratio.value)} %`,
    ratio.low === null || ratio.high === null ? 'none' : `${percent(ratio.low)} to ${percent(ratio.high)}`,
    adjustedP.toPrecision(2),
    verdict,
  ];
}

/** What stands below the tables. */
function remarks({ rows, onlyBefore, onlyAfter, warnings, margin, again }: Comparison): string[] {
  const verdicts = verdictCounts(rows).map(({ verdict, count }) => `${count} ${verdict}`);
  return [
    `Of ${rows.length} rows, ${verdicts.join(', ')}, at a margin of ${(margin * 100).toFixed(0)} %.`,
    ...(again === null || again.confirmed.length === 0
      ? []
      : [`Regressed again when measured again: ${again.confirmed.join('; ')}.`]),
    ...(again === null || again.refuted.length === 0
      ? []
      : [`Regressed at first, and not when measured again: ${again.refuted.join('; ')}.`]),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(onlyBefore.length === 0 ? [] : [`Only before: ${onlyBefore.join('; ')}.`]),
    ...(onlyAfter.length === 0 ? [] : [`Only now: ${onlyAfter.join('; ')}.`]),
  ];
}
