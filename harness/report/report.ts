import { globSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileWhole } from 'write-file-atomic';
import type { RunRecord } from '../record.ts';
import { picturesOf } from './charts/charts.ts';
import { renderPng, renderSvg } from './charts/render.ts';
import { markdownSummary } from './markdown.ts';
import { reportPage } from './page/page.ts';
import { type Findings, type Summary, summarise } from './summary.ts';
import { csvSummary } from './table.ts';

/**
 * Writes what follows from records: `summary.json`, `summary.md`, `summary.csv`, `report.html` and `charts/`. The same
 * records give the same bytes.
 *
 * @param directory must exist
 * @param findingsOf as for {@link summarise}
 * @param svg writes each picture as an SVG, too
 * @returns the summary, and the paths of the pictures
 */
export function writeReport(
  directory: string,
  records: readonly RunRecord[],
  findingsOf: (experimentId: string) => Findings | undefined,
  { svg = false }: { readonly svg?: boolean } = {},
): { summary: Summary; pictures: string[] } {
  const summary = summarise(records, findingsOf);
  writeFileWhole(join(directory, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  writeFileWhole(join(directory, 'summary.md'), markdownSummary(summary));
  writeFileWhole(join(directory, 'summary.csv'), csvSummary(summary));
  writeFileWhole(join(directory, 'report.html'), reportPage(records, summary));
  removePictures(directory);
  mkdirSync(join(directory, 'charts'), { recursive: true });
  const pictures = records.flatMap((record, index) => picturesOf(record, summary.experiments[index]!));
  const files = pictures.map(({ name }) => join(directory, 'charts', name));
  for (const [index, picture] of pictures.entries()) {
    writeFileWhole(`${files[index]}.png`, renderPng(picture));
    if (svg) writeFileWhole(`${files[index]}.svg`, renderSvg(picture));
  }
  return { summary, pictures: files.map((file) => `${file}.png`) };
}

/** Removes what {@link writeReport} wrote for an earlier run. */
export function removeReport(directory: string): void {
  for (const name of ['summary.json', 'summary.md', 'summary.csv', 'report.html'])
    rmSync(join(directory, name), { force: true });
  removePictures(directory);
}

/** Pictures of experiments that a run no longer has would be taken for its own. */
function removePictures(directory: string): void {
  for (const picture of globSync('charts/*.{png,svg}', { cwd: directory })) rmSync(join(directory, picture));
}
