import { stringify } from 'csv-stringify/sync';
import { markdownTable } from 'markdown-table';
import { getBorderCharacters, table } from 'table';
import type { Estimate, Row } from '../model.ts';
import type { ExperimentSummary, Summary } from './summary.ts';
import { formatRatio, formatTime, threeDigits, wrapText } from './text.ts';

const TERMINAL_WIDTH = 80;
const HEADINGS = ['variant', 'time', 'speedup', '95 % interval', 'efficiency', 'in flight', 'connections'];

/** The table of one experiment for a terminal of 80 columns, with its title, warnings and finding. */
export function terminalTable(experiment: ExperimentSummary): string {
  const { rows } = experiment;
  const lines = wrapText(`${experiment.id}: ${experiment.question}`, TERMINAL_WIDTH);
  if (rows.length > 0) {
    const groups = Map.groupBy(rows, (row) => row.group);
    for (const [group, members] of groups) {
      lines.push('', ...(group === '' ? [] : [group]), drawTable(members));
    }
  }
  if (experiment.reason !== null)
    lines.push('', ...wrapText(`${experiment.status}: ${experiment.reason}`, TERMINAL_WIDTH));
  for (const warning of rowWarnings(rows)) lines.push(...wrapText(warning, TERMINAL_WIDTH));
  if (experiment.finding !== '') lines.push('', ...wrapText(experiment.finding, TERMINAL_WIDTH));
  return `${lines.join('\n')}\n`;
}

function drawTable(rows: readonly Row[]): string {
  const drawn = table([HEADINGS, ...rows.map(cellsOf)], {
    border: getBorderCharacters('void'),
    columnDefault: { alignment: 'right', paddingLeft: 0, paddingRight: 1 },
    columns: { 0: { alignment: 'left' } },
    drawHorizontalLine: () => false,
  });
  return drawn.replace(/ *$/gm, '').trimEnd();
}

/** `summary.md`: every experiment's table, ready to be pasted into a pull request. */
export function markdownSummary(summary: Summary): string {
  const { environment } = summary;
  const parts = summary.experiments.map((experiment) => {
    const { rows } = experiment;
    const grouped = rows.some((row) => row.group !== '');
    const headings = grouped ? ['group', ...HEADINGS] : HEADINGS;
    const body = rows.map((row) =>
      (grouped ? [row.group, ...cellsOf(row)] : cellsOf(row)).map(escapeMarkdown),
    );
    const align = headings.map((heading) => (heading === 'variant' || heading === 'group' ? 'l' : 'r'));
    return [
      `## ${escapeMarkdown(experiment.title)}`,
      escapeMarkdown(experiment.question),
      ...(rows.length === 0 ? [] : [markdownTable([headings, ...body], { align })]),
      ...(experiment.reason === null
        ? []
        : [`**${experiment.status}**: ${escapeMarkdown(experiment.reason)}`]),
      ...rowWarnings(rows).map(escapeMarkdown),
      ...(experiment.finding === '' ? [] : [escapeMarkdown(experiment.finding)]),
    ].join('\n\n');
  });
  const machine =
    environment === null
      ? []
      : [
          `Profile ${summary.profile}; Node ${environment.node}, undici ${environment.undici.installed}, ` +
            `${escapeMarkdown(environment.cpu.model)} with ${environment.cpu.count} cores, ${environment.os.platform}.`,
        ];
  const warnings = summary.warnings.map((warning) => `**Warning**: ${escapeMarkdown(warning)}`);
  return `${[...parts, ...warnings, ...machine].join('\n\n')}\n`;
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
      requests: row.target.requests,
      peakInFlight: row.target.peakInFlight,
      connections: row.target.connections,
    })),
  );
  // A spreadsheet would take a cell that starts like a formula for one.
  return stringify(lines, { header: true, escape_formulas: true });
}

function formatInterval({ low, high }: Estimate): string {
  return low === null || high === null ? 'none' : `${threeDigits(low)} to ${threeDigits(high)}`;
}

function cellsOf(row: Row): string[] {
  return [
    row.warnings.length === 0 ? row.variant : `${row.variant} *`,
    formatTime(row.medianMs),
    row.baseline ? 'baseline' : formatRatio(row.speedup.value),
    row.baseline ? '' : formatInterval(row.speedup),
    `${(row.efficiency * 100).toFixed(1)} %`,
    String(row.target.peakInFlight),
    String(row.target.connections),
  ];
}

/** One line for each warning of a row, and for what the rows lack together. */
function rowWarnings(rows: readonly Row[]): string[] {
  const warnings = rows.flatMap((row) => row.warnings.map((warning) => `* ${row.variant}: ${warning}.`));
  const rounds = rows[0]?.rounds ?? 0;
  if (rows.some((row) => row.speedup.low === null))
    warnings.push(`No intervals: a 95 % interval needs 6 rounds, and this has ${rounds}.`);
  return warnings;
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_<>|[\]]/g, '\\$&');
}
