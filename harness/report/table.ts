import { stringify } from 'csv-stringify/sync';
import { getBorderCharacters, table } from 'table';
import { metricCell } from '../findings/metrics.ts';
import { formatRatio, formatTime, ratioDigits } from '../findings/numbers.ts';
import { warningText } from '../findings/warnings.ts';
import type { Estimate, Metric, Row } from '../model/row.ts';
import type { ExperimentSummary, Summary } from './summary.ts';
import { joinNames, TERMINAL_WIDTH, wrapText } from './text.ts';

const HEADINGS = ['variant', 'time', 'speedup', '95 % interval', 'efficiency', 'in flight', 'connections'];
/** The position of the speedup and its interval among the columns. */
const SPEEDUP = { at: 2, cells: 2 };
/** Headings broken to the width of their cells, so that a table fits the terminal. */
const NARROW: Readonly<Record<string, string>> = { 'in flight': 'in\nflight', connections: 'connec-\ntions' };

/** The tables of one experiment for a terminal of 80 columns, with its title, warnings and finding. */
export function terminalTable(experiment: ExperimentSummary): string {
  const { rows } = experiment;
  const lines = wrapText(`${experiment.id}: ${experiment.question}`, TERMINAL_WIDTH);
  for (const [group, members] of Map.groupBy(rows, (row) => row.group)) {
    if (group !== '') lines.push('', group);
    for (const [index, { headings, body }] of rowTables(experiment, members).entries()) {
      if (index > 0 || group === '') lines.push('');
      const narrow = headings.map((heading) => NARROW[heading] ?? heading);
      lines.push(drawTable([narrow, ...body.map(({ cells }) => [...cells])]));
    }
  }
  if (experiment.reason !== null)
    lines.push('', ...wrapText(`${experiment.status}: ${experiment.reason}`, TERMINAL_WIDTH));
  for (const line of [...rowNotes(experiment), ...skippedLines(experiment)])
    lines.push(...wrapText(line, TERMINAL_WIDTH));
  for (const finding of findingsIn(experiment)) lines.push('', ...wrapText(finding, TERMINAL_WIDTH));
  return `${lines.join('\n')}\n`;
}

/** A table of rows, as text. */
export interface RowTable {
  /** The contents of a further table of these rows; empty for the first table. */
  readonly what: '' | 'beside peers' | 'further figures';
  readonly headings: readonly string[];
  readonly body: readonly { readonly row: Row; readonly cells: readonly string[] }[];
}

/** The tables of rows with the same {@link tableShape}: the common columns, peers, and this experiment's metrics. */
export function rowTables(experiment: ExperimentSummary, rows: readonly Row[]): RowTable[] {
  const tables: RowTable[] = [mainTable(experiment, rows), peerTable(rows), metricTable(experiment, rows)];
  return tables.filter(({ body }) => body.length > 0);
}

/** The shape of a table, which rows must share to be in it: whether they have speedups, or which metric replaces them. */
export function tableShape(experiment: ExperimentSummary, rows: readonly Row[]): string {
  return insteadOfSpeedup(experiment, rows)?.name ?? 'speedup';
}

/** The metric that replaces the speedups of these rows; null if they have speedups. */
function insteadOfSpeedup({ metrics, unequalWork }: ExperimentSummary, rows: readonly Row[]): Metric | null {
  const own = new Map(Object.entries(unequalWork)).get(rows[0]?.group ?? '');
  if (own === undefined) return null;
  return metrics.find(({ name }) => name === own) ?? null;
}

function mainTable(experiment: ExperimentSummary, rows: readonly Row[]): RowTable {
  const instead = insteadOfSpeedup(experiment, rows);
  const put = (cells: readonly string[], own: (metric: Metric) => string) =>
    instead === null ? cells : cells.toSpliced(SPEEDUP.at, SPEEDUP.cells, own(instead));
  return {
    what: '',
    headings: put(HEADINGS, headingOf),
    body: rows.map((row) => ({
      row,
      cells: put(cellsOf(row), (metric) => metricCell(row, metric)),
    })),
  };
}

/** Peers next to our rows that they are compared with. */
function peerTable(rows: readonly Row[]): RowTable {
  const peers = rows.filter(({ nearest, sameWork }) => nearest !== null && sameWork);
  return {
    what: 'beside peers',
    headings: ['† peer', 'nearest of ours', 'which is', '95 % interval'],
    body: peers.map((row) => {
      const { variant, speedup } = row.nearest!;
      return {
        row,
        cells: [row.variant, variant, `${ratioDigits(speedup.value)} times as fast`, formatInterval(speedup)],
      };
    }),
  };
}

/** The experiment's metrics that any of these rows has and no other table shows. */
function metricTable(experiment: ExperimentSummary, rows: readonly Row[]): RowTable {
  const elsewhere = insteadOfSpeedup(experiment, rows)?.name;
  const isTold = (row: Row, metric: Metric) => metricCell(row, metric) !== '-';
  const present = experiment.metrics.filter(
    (metric) =>
      metric.heading !== undefined && metric.name !== elsewhere && rows.some((row) => isTold(row, metric)),
  );
  const measured = rows.filter((row) => present.some((metric) => isTold(row, metric)));
  return {
    what: 'further figures',
    headings: ['variant', ...present.map(headingOf)],
    body: measured.map((row) => ({
      row,
      cells: [row.variant, ...present.map((metric) => metricCell(row, metric))],
    })),
  };
}

function headingOf({ name, heading = name }: Metric): string {
  return heading;
}

/** Draws cells for a terminal, the first column aligned to the left, the others to the right; the first line is the head. */
export function drawTable(cells: string[][]): string {
  const drawn = table(cells, {
    border: getBorderCharacters('void'),
    columnDefault: { alignment: 'right', paddingLeft: 0, paddingRight: 1 },
    columns: { 0: { alignment: 'left' } },
    drawHorizontalLine: () => false,
  });
  return drawn.replace(/ *$/gm, '').trimEnd();
}

/** `summary.csv`: one line a row, numbers as they are. */
export function csvSummary(summary: Summary): string {
  const lines = summary.experiments.flatMap(({ id, rows }) =>
    rows.map((row) => ({
      experiment: id,
      group: row.group,
      variant: row.variant,
      baseline: String(row.baseline),
      sameWork: String(row.sameWork),
      peer: String(row.peer !== null),
      rounds: row.rounds,
      medianMs: row.medianMs,
      boundMs: row.boundMs,
      efficiency: row.efficiency,
      speedup: row.speedup.value,
      speedupLow: row.speedup.low,
      speedupHigh: row.speedup.high,
      nearest: row.nearest?.variant ?? null,
      nearestSpeedup: row.nearest?.speedup.value ?? null,
      nearestSpeedupLow: row.nearest?.speedup.low ?? null,
      nearestSpeedupHigh: row.nearest?.speedup.high ?? null,
      requests: row.target.requests,
      peakInFlight: row.target.peakInFlight,
      connections: row.target.connections,
      ...row.metrics,
    })),
  );
  // A spreadsheet would run a cell that starts like a formula.
  const columns = [...new Set(lines.flatMap((line) => Object.keys(line)))];
  return stringify(lines, { header: true, columns, escape_formulas: true });
}

function formatInterval({ low, high }: Estimate): string {
  return low === null || high === null ? 'none' : `${ratioDigits(low)}–${ratioDigits(high)}`;
}

/** A star refers to a warning below, a dagger marks a peer. */
function nameOf({ variant, peer, warnings }: Row): string {
  return [variant, ...(peer === null ? [] : ['†']), ...(warnings.length === 0 ? [] : ['*'])].join(' ');
}

/** The sentences about an experiment: the answer, its details, and the comparison with peers. */
export function findingsIn({ finding, peersFinding }: ExperimentSummary): string[] {
  const details = [...(finding?.details ?? []), peersFinding].filter((sentence) => sentence !== '').join(' ');
  return [finding?.headline ?? '', details].filter((sentence) => sentence !== '');
}

/** One line per reason why rows were not measured, or peers could not run. */
export function skippedLines({ erroredRows, skippedPeers }: ExperimentSummary): string[] {
  const lines = <Missing extends { readonly reason: string }>(
    what: string,
    all: readonly Missing[],
    nameOf: (missing: Missing) => string,
  ) =>
    [...Map.groupBy(all, ({ reason }) => reason)].map(
      ([reason, some]) => `${what}: ${some.map(nameOf).join(', ')}, because ${reason.replace(/\.$/, '')}.`,
    );
  return [
    ...lines('errored', erroredRows, ({ group, variant }) => joinNames([group, variant], ' ')),
    ...lines('skipped', skippedPeers, ({ id }) => id),
  ];
}

/** The common cells of a row; a dash replaces a meaningless speedup. */
export function cellsOf(row: Row): string[] {
  const compared = !row.baseline && row.sameWork;
  return [
    nameOf(row),
    formatTime(row.medianMs),
    row.baseline ? 'baseline' : compared ? formatRatio(row.speedup.value) : '-',
    compared ? formatInterval(row.speedup) : '',
    // Without waiting, efficiency has no meaning.
    row.boundMs === 0 ? '' : `${(row.efficiency * 100).toFixed(1)} %`,
    String(row.target.peakInFlight),
    String(row.target.connections),
  ];
}

/** Notes on the rows: their warnings, and why some have no speedups or no intervals. */
export function rowNotes(experiment: ExperimentSummary): string[] {
  const warnings = sharedWarnings(experiment.rows);
  return [
    ...warnings.map(({ warning, places }) => `* ${places.join(', ')}: ${warning}`),
    ...generalNotes(experiment),
  ];
}

/** Each warning with the rows that share it, after their groups. */
export function sharedWarnings(rows: readonly Row[]): { warning: string; places: string[] }[] {
  const found = new Map<string, string[]>();
  for (const { group, variant, warnings } of rows)
    for (const warning of warnings.map(warningText))
      found.set(warning, [...(found.get(warning) ?? []), joinNames([group, variant], ' ')]);
  return [...found].map(([warning, places]) => ({ warning, places }));
}

/** Notes on rows without intervals or speedups, with the reason. */
export function generalNotes({ rows, unequalWork }: ExperimentSummary): string[] {
  const unequal = Object.keys(unequalWork).filter((name) => rows.some(({ group }) => group === name));
  const where = unequal.every((group) => group === '') ? '' : ` in ${unequal.join(', ')}`;
  const why = 'rows do unequal work, so that the time of one says nothing beside that of another.';
  return [...intervalNotes(rows), ...(unequal.length === 0 ? [] : [`No speedups${where}: ${why}`])];
}

function intervalNotes(rows: readonly Row[]): string[] {
  const compared = rows.filter(({ baseline, sameWork }) => !baseline && sameWork);
  const without = compared.filter(({ speedup }) => speedup.low === null);
  if (without.length === 0) return [];
  if (without.length < compared.length)
    return ['Where there is no interval: it needs 6 rounds of the row and of its baseline.'];
  const most = Math.max(...without.map(({ rounds }) => rounds));
  return [`No intervals: a 95 % interval needs 6 rounds, and this has ${most}.`];
}
