import { existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TitledPicture } from '../charts/picture.ts';
import type { RunRecord } from '../record/schema.ts';
import { readTuneRecord } from '../tune/tune-record.ts';
import { writeFileWhole } from '../whole-file.ts';
import { changePicture } from './comparison/change-picture.ts';
import type { Comparison } from './comparison/comparison.ts';
import { markdownSummary } from './markdown.ts';
import { type Summary, summarise, summaryJson, type WordsOf } from './summary.ts';
import { csvSummary } from './table.ts';

/** The pictures of a report. */
export interface WrittenPictures {
  /** The paths of the PNGs. */
  readonly pictures: readonly string[];
  /** Why there are no pictures, as one sentence; null if they were drawn. */
  readonly leftOut: string | null;
}

/**
 * Writes the reports of records: `summary.json`, `summary.md`, `summary.csv`, `report.html` and `charts/`. The same
 * records give the same bytes.
 *
 * @param directory must exist
 * @param experimentOf as for {@link summarise}
 * @param svg writes each picture as an SVG, too
 * @returns the summary, with what became of the pictures
 */
export async function writeReport(
  directory: string,
  records: readonly RunRecord[],
  experimentOf: WordsOf,
  { svg = false }: { readonly svg?: boolean } = {},
): Promise<WrittenPictures & { readonly summary: Summary }> {
  const summary = summarise(records, experimentOf);
  writeFileWhole(join(directory, 'summary.json'), `${JSON.stringify(summaryJson(summary), null, 2)}\n`);
  writeFileWhole(join(directory, 'summary.md'), markdownSummary(summary));
  writeFileWhole(join(directory, 'summary.csv'), csvSummary(summary));
  // The drawing and bundling libraries load slowly, and many commands do not need them.
  const { loadPainter } = await import('../charts/painter.ts');
  const { reportPage } = await import('./page/report-page.ts');
  const painter = await loadPainter();
  writeFileWhole(
    join(directory, 'report.html'),
    reportPage(records, summary, painter, readTuneRecord(directory)),
  );
  const pictures = records.flatMap((record, index) => painter.pictures(record, summary.experiments[index]!));
  removePictures(directory);
  return { summary, ...(await writePictures(directory, pictures, svg)) };
}

/**
 * Draws two runs in one chart per common experiment: `charts/<experiment>-before-after.png`.
 *
 * @param directory must exist
 */
export async function writeComparisonCharts(
  directory: string,
  { rows, margin }: Comparison,
  { svg = false }: { readonly svg?: boolean } = {},
): Promise<WrittenPictures> {
  const pictures = [...Map.groupBy(rows, ({ experiment }) => experiment)].map(([experiment, members]) => ({
    name: `${experiment}-before-after`,
    ...changePicture(experiment, members, margin),
  }));
  removePictures(directory, '*-before-after');
  return writePictures(directory, pictures, svg);
}

async function writePictures(
  directory: string,
  pictures: readonly (TitledPicture & { name: string })[],
  svg: boolean,
): Promise<WrittenPictures> {
  if (pictures.length === 0) return { pictures: [], leftOut: null };
  const { loadRenderer } = await import('../charts/renderer.ts');
  const renderer = await loadRenderer();
  if (typeof renderer === 'string') return { pictures: [], leftOut: renderer };
  mkdirSync(join(directory, 'charts'), { recursive: true });
  const files = pictures.map(({ name, ...picture }) => {
    const file = join(directory, 'charts', name);
    writeFileWhole(`${file}.png`, renderer.renderPng(picture));
    if (svg) writeFileWhole(`${file}.svg`, renderer.renderSvg(picture));
    return `${file}.png`;
  });
  return { pictures: files, leftOut: null };
}

/** The paths of the files that {@link writeReport} wrote for an earlier run. */
export function reportFiles(directory: string): string[] {
  const texts = ['summary.json', 'summary.md', 'summary.csv', 'report.html'];
  return [...texts.map((name) => join(directory, name)).filter(existsSync), ...picturesIn(directory)];
}

function picturesIn(directory: string, names = '*'): string[] {
  return globSync(`charts/${names}.{png,svg}`, { cwd: directory }).map((name) => join(directory, name));
}

/** Removes pictures of an earlier run, which readers would take for those of this one. */
function removePictures(directory: string, names = '*'): void {
  for (const picture of picturesIn(directory, names)) rmSync(picture);
}
