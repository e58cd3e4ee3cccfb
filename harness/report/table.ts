import { stringify } from 'csv-stringify/sync';
import { getBorderCharacters, table } from 'table';
import type { Estimate, Row } from '../model.ts';
import type { ExperimentSummary, Summary } from './summary.ts';
import {
  formatMetric,
  formatRatio,
  formatTime,
  joinNames,
  ratioDigits,
  TERMINAL_WIDTH,
  wrapText,
} from './text.ts';

export const HEADINGS = [
  'variant',
  'time',
  'speedup',
  '95 % interval',
  'efficiency',
  'in flight',
  'connections',
];
/** As narrow as what stands below, so that a table fits the terminal. */
const NARROW: Readonly<Record<string, string>> = { 'in flight': 'in\nflight', connections: 'connec-\ntions' };
const NARROW_HEADINGS = HEADINGS.map((heading) => NARROW[heading] ?? heading);

/** The table of one experiment for a terminal of 80 columns, with its title, warnings and finding. */
export function terminalTable(experiment: ExperimentSummary): string {
  const { rows } = experiment;
  const lines = wrapText(`${experiment.id}: ${experiment.question}`, TERMINAL_WIDTH);
  if (rows.length > 0) {
    const groups = Map.groupBy(rows, (row) => row.group);
    for (const [group, members] of groups) {
      lines.push('', ...(group === '' ? [] : [group]), drawTable([NARROW_HEADINGS, ...members.map(cellsOf)]));
      const beside = peerTable(members);
      if (beside.length > 0) lines.push('', drawTable(beside));
      const measured = metricTable(experiment, members);
      if (measured.headings.length > 0)
        lines.push(
          '',
          drawTable([
            ['variant', ...measured.headings],
            ...measured.lines.map(([{ variant }, cells]) => [variant, ...cells]),
          ]),
        );
    }
  }
  if (experiment.reason !== null)
    lines.push('', ...wrapText(`${experiment.status}: ${experiment.reason}`, TERMINAL_WIDTH));
  for (const line of [...rowWarnings(rows), ...skippedLines(experiment)])
    lines.push(...wrapText(line, TERMINAL_WIDTH));
  for (const finding of findingsIn(experiment)) lines.push('', ...wrapText(finding, TERMINAL_WIDTH));
  return `${lines.join('\n')}\n`;
}

/** What the experiment measures besides, as far as any of these rows has it; headings first, each line with its row. */
export function metricTable(
  { columns }: ExperimentSummary,
  rows: readonly Row[],
): { headings: string[]; lines: [Row, string[]][] } {
  const present = columns.filter(({ metric }) => rows.some(({ metrics }) => metric in metrics));
  const measured = rows.filter(({ metrics }) => present.some(({ metric }) => metric in metrics));
  return {
    headings: present.map(({ heading }) => heading),
    lines: measured.map((row) => [
      row,
      present.map(({ metric }) => formatMetric(metric, row.metrics[metric])),
    ]),
  };
}

/** Cells for a terminal, the first column to the left and all others to the right; the first line has the headings. */
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
      peer: String(row.peer),
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
  // A spreadsheet would take a cell that starts like a formula for one.
  const columns = [...new Set(lines.flatMap((line) => Object.keys(line)))];
  return stringify(lines, { header: true, columns, escape_formulas: true });
}

function formatInterval({ low, high }: Estimate): string {
  return low === null || high === null ? 'none' : `${ratioDigits(low)}–${ratioDigits(high)}`;
}

/** A star refers to a warning below, a dagger marks a peer. */
function nameOf({ variant, peer, warnings }: Row): string {
  return [variant, ...(peer ? ['†'] : []), ...(warnings.length === 0 ? [] : ['*'])].join(' ');
}

/** Peers beside the rows of ours that they are compared with. */
export function peerTable(rows: readonly Row[]): string[][] {
  const peers = rows.filter(({ nearest }) => nearest !== null);
  if (peers.length === 0) return [];
  return [
    ['† peer', 'nearest of ours', 'which is', '95 % interval'],
    ...peers.map(({ variant, nearest }) => [
      variant,
      nearest!.variant,
      `${ratioDigits(nearest!.speedup.value)} times as fast`,
      formatInterval(nearest!.speedup),
    ]),
  ];
}

export function findingsIn({ finding, peersFinding }: ExperimentSummary): string[] {
  return [finding, peersFinding].filter((sentence) => sentence !== '');
}

/** One line for each reason why rows were not measured, or peers could not run. */
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

export function cellsOf(row: Row): string[] {
  return [
    nameOf(row),
    formatTime(row.medianMs),
    row.baseline ? 'baseline' : formatRatio(row.speedup.value),
    row.baseline ? '' : formatInterval(row.speedup),
    // Where nothing waits, nothing is hidden.
    row.boundMs === 0 ? '' : `${(row.efficiency * 100).toFixed(1)} %`,
    String(row.target.peakInFlight),
    String(row.target.connections),
  ];
}

/** One line for each warning, with the rows that share it, and one for those that have no interval. */
export function rowWarnings(rows: readonly Row[]): string[] {
  const placeOf = ({ group, variant }: Row) => joinNames([group, variant], ' ');
  const places = new Map<string, string[]>();
  for (const row of rows)
    for (const warning of row.warnings) places.set(warning, [...(places.get(warning) ?? []), placeOf(row)]);
  const lines = [...places].map(([warning, shared]) => `* ${shared.join(', ')}: ${warning}.`);
  const compared = rows.filter(({ baseline }) => !baseline);
  const without = compared.filter(({ speedup }) => speedup.low === null);
  if (without.length === 0) return lines;
  if (without.length < compared.length)
    return [...lines, 'Where there is no interval: it needs 6 rounds of the row and of its baseline.'];
  const most = Math.max(...without.map(({ rounds }) => rounds));
  return [...lines, `No intervals: a 95 % interval needs 6 rounds, and this has ${most}.`];
}
