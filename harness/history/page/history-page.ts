/** The page of a history: what changed, and charts of every row. It needs no other file, no network and no program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatRatio, formatShare, formatTime, ratioWithInterval } from '../../findings/numbers.ts';
import { html, type Markup } from '../../report/page/markup.ts';
import { stillPage } from '../../report/page/whole-page.ts';
import type { HistoryChange, HistoryChanges } from '../changes.ts';
import { changeText, newestChangeFirst, newestSeries, seriesName } from '../history-text.ts';
import type { HistoryRun } from '../run-schema.ts';
import { placeOf, type Series } from '../series.ts';
import { drawHistoryChart } from './history-chart.ts';

/** The numbers of this many runs of a row are in its table; `history show --json` has all. */
const LATEST = 10;

/**
 * Makes the page.
 *
 * @param runs in the order of their commits, at least one
 */
export function historyPage(
  runs: readonly HistoryRun[],
  series: readonly Series[],
  found: HistoryChanges,
): string {
  const changes = newestChangeFirst(found.changes);
  const places = Map.groupBy(newestSeries(series), ({ place, profile }) => `${place}, profile ${profile}`);
  const [first, last] = [runs[0]!, runs.at(-1)!].map(({ commit }) => commit.date.slice(0, 10));
  const commits = new Set(runs.map(({ commit }) => commit.id)).size;
  const machines = new Set(runs.map(placeOf)).size;
  const body = html`<main>
<h1>${headline(changes, found)}</h1>
<p>Runs: ${runs.length}, of ${commits} commits from ${first!} to ${last!}, on ${machines} kinds of machine and runtime.</p>
${
  changes.length < 2
    ? html``
    : html`<h2>All changes</h2>
<ul>${changes.map((change) => html`<li>${changeText(change)}</li>`)}</ul>`
}
${found.tooShort.length === 0 ? html`` : html`<p>Rows with fewer than ${found.leastRuns} runs, which proves no change: ${found.tooShort.length}.</p>`}
${[...places].map(
  ([place, members]) => html`<section><h2>${place}</h2>
${members.map((one) =>
  seriesPart(
    one,
    changes.filter((change) => change.series === one),
  ),
)}</section>`,
)}
</main>`;
  const css = readFileSync(join(import.meta.dirname, 'history-page.css'), 'utf8');
  return stillPage({ title: 'Overlap: history', body, css });
}

function headline([newest]: readonly HistoryChange[], { tooShort }: HistoryChanges): string {
  if (newest !== undefined) return changeText(newest);
  return tooShort.length === 0 ? 'No row changed' : 'No change is proven: some rows have too few runs';
}

/** A row that changed is open. */
function seriesPart(series: Series, changes: readonly HistoryChange[]): Markup {
  const { points } = series;
  const [first, last] = [points[0]!.row, points.at(-1)!.row];
  const marks = changes.flatMap(({ kind, nearest }) => (kind === 'step' ? [points.indexOf(nearest[1])] : []));
  const rows = points.map(({ row }) => row);
  const relative = (times: readonly number[]) => times.map((timeMs) => timeMs / times[0]!);
  return html`<details${changes.length > 0 ? html` open` : html``}><summary>${seriesName(series)}<span class="ends">${formatRatio(
    first.speedup.value,
  )} to ${formatRatio(last.speedup.value)}</span></summary>
${drawHistoryChart({
  title: 'Speedup with its 95 % interval',
  lines: [
    {
      name: 'speedup',
      values: rows.map(({ speedup }) => speedup.value),
      low: rows.map(({ speedup }) => speedup.low),
      high: rows.map(({ speedup }) => speedup.high),
    },
  ],
  marks,
  format: formatRatio,
})}${drawHistoryChart({
  title: 'Share of the bound',
  lines: [{ name: 'share', values: rows.map(({ efficiency }) => efficiency) }],
  marks,
  format: (share) => formatShare(share),
})}${drawHistoryChart({
  title: 'Times beside those of the first run: the row, and dashed its baseline',
  lines: [
    { name: 'row', values: relative(rows.map(({ timeMs }) => timeMs.value)) },
    {
      name: 'baseline',
      values: relative(rows.map(({ baselineTimeMs }) => baselineTimeMs.value)),
      dashed: true,
    },
  ],
  marks,
  format: formatRatio,
})}${latestTable(series)}</details>
`;
}

function latestTable({ points }: Series): Markup {
  const cells = points
    .slice(-LATEST)
    .map(
      ({ run, row }) =>
        html`<tr><td>${run.commit.id.slice(0, 9)}</td><td>${run.commit.date.slice(0, 10)}</td><td>${ratioWithInterval(
          row.speedup,
        )}</td><td>${row.efficiency === null ? '-' : formatShare(row.efficiency)}</td><td>${formatTime(row.timeMs.value)}</td><td>${formatTime(
          row.baselineTimeMs.value,
        )}</td></tr>`,
    );
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>commit</th><th>date</th><th>speedup</th><th>bound</th><th>time</th><th>baseline</th></tr></thead><tbody>${cells}</tbody></table></div>`;
}
