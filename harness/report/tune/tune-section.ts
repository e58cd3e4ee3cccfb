import { PALETTES } from '../../charts/palette.ts';
import { count } from '../../findings/wording.ts';
import { LIMIT_HEADINGS, limitCells } from '../../tune/limit-rows.ts';
import type { TuneRecord } from '../../tune/tune-record.ts';
import { html, type Markup } from '../page/markup.ts';
import { keepUnits } from '../text.ts';
import { shownTune } from './shown-tune.ts';
import { tunePicture } from './tune-picture.ts';

/** The section of a page about a search: the answer, its picture and its table. */
export function tuneSection(record: TuneRecord): Markup {
  const { target, words, requests, seconds, steps } = record;
  const shown = shownTune(record);
  const [headline = 'Nothing was measured.', ...details] = words;
  const { caption, reading } = tunePicture(shown, PALETTES.light);
  return html`<section id="tune" aria-labelledby="tune-title">
<h2 id="tune-title">How many at once</h2>
<p class="question">${target.name}</p>
<p class="headline">${keepUnits(headline)}</p>
<ul class="details">${details.map((sentence) => html`<li>${keepUnits(sentence)}</li>`)}</ul>
<figure data-tune>
<figcaption>${keepUnits(headline)}</figcaption>
<div class="picture"><canvas role="img" aria-label="${headline} ${caption}"></canvas></div>
<p class="caption">${keepUnits(caption)}</p>
<div class="controls"><details><summary>How to read it</summary><p>${keepUnits(reading)}</p></details></div>
</figure>
<div class="scroll" tabindex="0" role="region" aria-label="Limits"><table>
<thead><tr>${LIMIT_HEADINGS.map((heading) => html`<th scope="col">${heading}</th>`)}</tr></thead>
<tbody>
${shown.rows.map((row) => {
  const [limit = '', ...cells] = limitCells(row);
  return html`<tr><th scope="row">${limit}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
})}
</tbody>
</table></div>
<p class="note">${keepUnits(`${count(requests, 'request')} in ${seconds.toFixed(1)} s, ${count(steps.length, 'step')}.`)}</p>
</section>`;
}
