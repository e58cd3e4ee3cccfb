/** A history for a terminal: at most 24 lines of 80 columns. */
import { formatRatio, formatShare, formatTime, ratioWithInterval } from '../findings/numbers.ts';
import { drawTable } from '../report/table.ts';
import { joinNames, TERMINAL_WIDTH, wrapText } from '../report/text.ts';
import type { HistoryChange, HistoryChanges } from './changes.ts';
import type { HistoryRun } from './run-schema.ts';
import { type Point, placeOf, type Series } from './series.ts';
import { sidesOf } from './sides.ts';
import { sparkline } from './sparkline.ts';

const MOST_LINES = 24;
/** Changes that are told with their places; the JSON has all. */
const MOST_CHANGES = 3;
const NAME_WIDTH = 34;

/** As in `crawl, semaphore@100`. */
export function seriesName({ experiment, group, variant }: Series): string {
  return joinNames([experiment, group, variant], ', ');
}

/** As in `3f2a1b9c0`. */
function shortCommit({ run }: Point): string {
  return run.commit.id.slice(0, 9);
}

/**
 * The answer first: what changed, between which commits; then the newest series of each row.
 *
 * @param runs in the order of their commits, at least one
 * @param margin as a share, that of the changes
 */
export function historyText(
  runs: readonly HistoryRun[],
  series: readonly Series[],
  found: HistoryChanges,
  margin: number,
): string[] {
  const lines = [...changeLines(found, margin), ...headLines(runs)];
  const current = newestSeries(series);
  const shown = current.slice(0, Math.max(1, MOST_LINES - lines.length - 3));
  const rest = current.length - shown.length;
  const table = drawTable([
    ['row', 'runs', 'first', 'last', 'bound', 'speedup over commits'],
    ...shown.map((one) => [...seriesCells(one)]),
  ]);
  return [...lines, '', ...table.split('\n'), ...(rest === 0 ? [] : [`and ${rest} further rows`])];
}

function headLines(runs: readonly HistoryRun[]): string[] {
  const commits = new Set(runs.map(({ commit }) => commit.id)).size;
  const [first, last] = [runs[0]!, runs.at(-1)!].map(({ commit }) => commit.date.slice(0, 10));
  const places = [...Map.groupBy(runs, placeOf)].map(([place, members]) => `${place} (${members.length})`);
  const shown = places.slice(-2).join('; ');
  const others = places.length > 2 ? `; ${places.length - 2} others` : '';
  const text = `${count(runs.length, 'run')} of ${count(commits, 'commit')}, ${first} to ${last}, on ${shown}${others}.`;
  return wrapText(text, TERMINAL_WIDTH);
}

function changeLines({ changes, tooShort, leastRuns }: HistoryChanges, margin: number): string[] {
  const told = newestChangeFirst(changes).slice(0, MOST_CHANGES);
  const lines = told.flatMap((change) => wrapText(changeText(change), TERMINAL_WIDTH));
  if (changes.length > told.length)
    lines.push(`and ${count(changes.length - told.length, 'further change')}`);
  const short = `Too few runs of ${count(tooShort.length, 'row')}: a change can be proven from ${leastRuns} runs on.`;
  if (tooShort.length > 0) lines.push(...wrapText(short, TERMINAL_WIDTH));
  if (changes.length === 0 && tooShort.length === 0)
    lines.push(`No row changed by more than ${formatShare(margin)}.`);
  return lines;
}

/** Changes by the first commit that is surely after them, the newest first. */
export function newestChangeFirst(changes: readonly HistoryChange[]): HistoryChange[] {
  return changes.toSorted((one, other) => newest(other) - newest(one));
}

function newest({ between }: HistoryChange): number {
  return Date.parse(between[1].run.commit.date);
}

/** One change in a sentence, with both sides of its speedup. */
export function changeText(change: HistoryChange): string {
  const { series, kind, ratio, between } = change;
  const [before, after] = between.map(shortCommit);
  const { rowMs, baselineMs } = sidesOf(change);
  const how = ratio.value < 1 ? 'slower' : 'faster';
  const where =
    kind === 'drift'
      ? `drifts slowly from ${before} to ${after}`
      : `changed between ${before} and ${after}${likeliest(change)}`;
  const sides = `its time ${timesText(rowMs)}, its baseline's ${timesText(baselineMs)}`;
  return `${how}: ${seriesName(series)} ${where}: ${ratioWithInterval(ratio)} the speedup; ${sides}.`;
}

/** Runs of one commit are one place, between which there is no commit to name. */
function likeliest({ between, nearest }: HistoryChange): string {
  const [[first, last], [before, after]] = [between.map(shortCommit), nearest.map(shortCommit)];
  const isSame = before === first && after === last;
  return isSame || before === after ? '' : `, most likely ${before} to ${after}`;
}

function timesText([before, after]: readonly [number, number]): string {
  return `${formatTime(before)} to ${formatTime(after)}`;
}

/** Of each row on each machine and runtime, the series that its newest run belongs to; headlines first, no baselines. */
export function newestSeries(series: readonly Series[]): Series[] {
  const rows = Map.groupBy(
    series.filter(({ baseline }) => !baseline),
    (one) => JSON.stringify([one.place, one.profile, seriesName(one)]),
  );
  return [...rows.values()]
    .map(([newestOne]) => newestOne!)
    .sort((one, other) => Number(other.headline) - Number(one.headline));
}

function seriesCells(series: Series): readonly string[] {
  const { points } = series;
  const [first, last] = [points[0]!.row, points.at(-1)!.row];
  return [
    shortened(seriesName(series)),
    String(points.length),
    formatRatio(first.speedup.value),
    formatRatio(last.speedup.value),
    last.efficiency === null ? '-' : formatShare(last.efficiency),
    sparkline(points.map(({ row }) => Math.log(row.speedup.value))),
  ];
}

function shortened(name: string): string {
  return name.length <= NAME_WIDTH ? name : `${name.slice(0, NAME_WIDTH - 1)}…`;
}

/** Each run of a series, the newest last: at most 20 of them. */
export function seriesText(series: Series): string[] {
  const { points, place } = series;
  const shown = points.slice(-(MOST_LINES - 4));
  const table = drawTable([
    ['commit', 'date', 'speedup', 'bound', 'time', 'baseline'],
    ...shown.map(({ run, row }) => [
      run.commit.id.slice(0, 9),
      run.commit.date.slice(0, 10),
      ratioWithInterval(row.speedup),
      row.efficiency === null ? '-' : formatShare(row.efficiency),
      formatTime(row.timeMs.value),
      formatTime(row.baselineTimeMs.value),
    ]),
  ]);
  const head = `${seriesName(series)}: ${count(points.length, 'run')} on ${place}, profile ${series.profile}.`;
  return [...wrapText(head, TERMINAL_WIDTH), '', ...table.split('\n')];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
