/** `history show`: prints a history, and what changed in it. */
import { changesOf, HISTORY_MARGIN } from '../harness/history/changes.ts';
import { readHistory } from '../harness/history/history-files.ts';
import { historyJson } from '../harness/history/history-json.ts';
import { historyText, newestSeries, seriesName, seriesText } from '../harness/history/history-text.ts';
import { historyPage } from '../harness/history/page/history-page.ts';
import { type Series, seriesOf } from '../harness/history/series.ts';
import { commandText } from '../harness/installation.ts';
import { pathForPeople } from '../harness/path.ts';
import { Incomparable } from '../harness/report/comparison/comparability.ts';
import { writeFileWhole } from '../harness/whole-file.ts';
import { EXIT, type Io } from './command.ts';
import type { HistoryOptions } from './history.ts';

/**
 * Shows the history of a folder.
 *
 * @returns the exit code
 * @throws Incomparable if there are no runs; one sentence if the row is unknown
 */
export function showHistory(
  folder: string,
  { row, margin = HISTORY_MARGIN, json, page }: Pick<HistoryOptions, 'row' | 'margin' | 'json' | 'page'>,
  io: Io,
): number {
  const { runs, faults } = readHistory(folder);
  for (const fault of faults) io.warn(`Warning: ${fault}`);
  if (runs.length === 0)
    throw new Incomparable(
      `There are no runs in ${pathForPeople(folder)}; ${commandText('history', 'add')} adds one.`,
    );
  const series = seriesOf(runs);
  const found = changesOf(series, margin);
  const lines = row === undefined ? historyText(runs, series, found, margin) : rowText(row, series);
  for (const line of lines) io.print(line);
  if (json !== undefined)
    writeFileWhole(json, `${JSON.stringify(historyJson(series, found, margin), null, 2)}\n`);
  if (page !== undefined) writeFileWhole(page, historyPage(runs, series, found));
  return EXIT.done;
}

function rowText(name: string, series: readonly Series[]): string[] {
  const current = newestSeries(series);
  const own = current.find((one) => seriesName(one) === name);
  if (own === undefined)
    throw new Error(
      `There is no row "${name}"; there are ${current.map((one) => `"${seriesName(one)}"`).join(', ')}.`,
    );
  return seriesText(own);
}
