/** Writes what follows from the record of a search: its picture and its page. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { PALETTES } from '../../charts/palette.ts';
import type { TuneRecord } from '../../tune/tune-record.ts';
import { writeFileWhole } from '../../whole-file.ts';
import { html } from '../page/markup.ts';
import { pageStyle, reportProgram } from '../page/report-page.ts';
import { wholePage } from '../page/whole-page.ts';
import { shownTune } from './shown-tune.ts';
import { TUNE_PAGE, TUNE_PICTURE } from './tune-files.ts';
import { tunePicture } from './tune-picture.ts';
import { tuneSection } from './tune-section.ts';

/** A page about one search. It needs no other file and no network, and the same record gives the same bytes. */
export function tunePage(record: TuneRecord): string {
  return wholePage({
    title: `Overlap: how many at once, ${record.target.name}`,
    body: html`<header><h1>${record.words[0] ?? 'Nothing was measured.'}</h1></header>
<main>
<noscript><p class="note">The chart needs JavaScript; the answer and the table do not.</p></noscript>
${tuneSection(record)}
</main>`,
    data: { experiments: [], tune: shownTune(record) },
    program: reportProgram(),
    css: pageStyle(),
  });
}

/**
 * Writes `tune.png`, and `tune.html` with the page.
 *
 * @param directory must exist
 * @returns why there is no picture, as one sentence; null if it was drawn
 */
export async function writeTune(directory: string, record: TuneRecord): Promise<string | null> {
  writeFileWhole(join(directory, TUNE_PAGE), tunePage(record));
  const file = join(directory, TUNE_PICTURE);
  rmSync(file, { force: true });
  const { loadRenderer } = await import('../../charts/renderer.ts');
  const renderer = await loadRenderer();
  if (typeof renderer === 'string') return renderer;
  const picture = tunePicture(shownTune(record), PALETTES.light);
  writeFileWhole(file, renderer.renderPng({ title: record.words[0] ?? '', picture }));
  return null;
}
