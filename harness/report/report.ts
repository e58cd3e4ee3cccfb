import { globSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sync as writeFileWhole } from 'write-file-atomic';
import type { RunRecord } from '../record.ts';
import { changePicture } from './charts/change.ts';
import { picturesOf } from './charts/charts.ts';
import type { TitledPicture } from './charts/picture.ts';
import { renderPng, renderSvg } from './charts/render.ts';
import type { Comparison } from './comparison.ts';
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
  const pictures = records.flatMap((record, index) => picturesOf(record, summary.experiments[index]!));
  return { summary, pictures: writePictures(directory, pictures, svg) };
}

/**
 * Draws two runs in one chart for each experiment that both have: `charts/<experiment>-before-after.png`.
 *
 * @param directory must exist
 * @returns the paths of the pictures
 */
export function writeComparisonCharts(
  directory: string,
  { rows, margin }: Comparison,
  { svg = false }: { readonly svg?: boolean } = {},
): string[] {
  const pictures = [...Map.groupBy(rows, ({ experiment }) => experiment)].map(([experiment, members]) => ({
    name: `${experiment}-before-after`,
    ...changePicture(experiment, members, margin),
  }));
  return writePictures(directory, pictures, svg);
}

/** Puts pictures in place of those of an earlier run; returns their paths. */
function writePictures(
  directory: string,
  pictures: readonly (TitledPicture & { name: string })[],
  svg: boolean,
): string[] {
  removePictures(directory);
  mkdirSync(join(directory, 'charts'), { recursive: true });
  return pictures.map(({ name, ...picture }) => {
    const file = join(directory, 'charts', name);
    writeFileWhole(`${file}.png`, renderPng(picture));
    if (svg) writeFileWhole(`${file}.svg`, renderSvg(picture));
    return `${file}.png`;
  });
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
