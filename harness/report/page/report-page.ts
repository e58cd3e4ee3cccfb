import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHART_KIND_NAMES, CHART_KINDS, partOf } from '../../charts/kinds.ts';
import type { Painter } from '../../charts/pictures.ts';
import { finishedRounds } from '../../findings/finished.ts';
import { count } from '../../findings/wording.ts';
import type { Chart } from '../../model/chart.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { TuneRecord } from '../../tune/tune-record.ts';
import { commonFacts, type EnvironmentFacts, ownFacts } from '../environment-facts.ts';
import type { ExperimentSummary, Summary } from '../summary.ts';
import { rowNotes, rowTables, skippedLines } from '../table.ts';
import { joinNames, keepUnits } from '../text.ts';
import { shownTune } from '../tune/shown-tune.ts';
import { tuneSection } from '../tune/tune-section.ts';
import type { Program } from './bundled-program.ts';
import { type Column, meaningsOf } from './columns.ts';
import type { PageData, SampleData } from './data.ts';
import { html, type Markup, raw } from './markup.ts';
import { environmentOf, nameOfRun, openingOf } from './opening.ts';
import { wholePage } from './whole-page.ts';

/**
 * `report.html`: one page with all results of a run. It needs no network and no other file, and the same records give the
 * same bytes.
 *
 * @param tune a search for a limit, which has a section of its own at the end; null without one
 */
export function reportPage(
  records: readonly RunRecord[],
  summary: Summary,
  painter: Painter,
  tune: TuneRecord | null = null,
): string {
  const { experiments } = summary;
  const common = commonFacts(summary);
  return wholePage({
    title: nameOfRun(summary),
    body: html`${openingOf(records, summary, common)}
<main>
<noscript><p class="note">Charts and sorting need JavaScript; answers and tables do not.</p></noscript>
${experiments.map((experiment, index) => sectionOf(experiment, records[index]!, { common, painter }))}
${tune === null ? '' : tuneSection(tune)}
</main>`,
    data: { ...dataOf(records, summary), ...(tune === null ? {} : { tune: shownTune(tune) }) },
    program: reportProgram(),
    css: pageStyle(),
  });
}

/** The CSS rules of pages with sections. */
export function pageStyle(): string {
  return readFileSync(join(import.meta.dirname, 'page.css'), 'utf8');
}

function sectionOf(
  experiment: ExperimentSummary,
  record: RunRecord,
  { common, painter }: { common: EnvironmentFacts; painter: Painter },
): Markup {
  const { id, title, question, rows, status, reason, environment } = experiment;
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="question">${keepUnits(question)}</p>
${environment === undefined ? '' : environmentOf(ownFacts(environment, common))}
${reason === null ? '' : html`<p class="status">${status}: ${keepUnits(reason)}</p>`}
${rows.length === 0 ? html`<p class="status">No round was finished, so that there is nothing to show.</p>` : ''}
${findingOf(experiment)}
${rows.length === 0 ? '' : roundsOf(experiment, record)}
${rows.length === 0 ? '' : record.charts.map((_, index) => figureOf(experiment, record, index, painter))}
${tableSection(experiment)}
${skippedLines(experiment).map((line) => html`<p class="note">${keepUnits(line)}</p>`)}
</section>`;
}

function findingOf({ finding, peersFinding }: ExperimentSummary): Markup {
  const { headline, details } = finding ?? { headline: '', details: [] };
  return html`${headline === '' ? '' : html`<p class="headline">${keepUnits(headline)}</p>`}
${details.length === 0 ? '' : html`<ul class="details">${details.map((detail) => html`<li>${keepUnits(detail)}</li>`)}</ul>`}
${peersFinding === '' ? '' : html`<p class="peers"><strong>Beside other runtimes:</strong> ${keepUnits(peersFinding)}</p>`}`;
}

function figureOf(
  { id, rows, chartTitles }: ExperimentSummary,
  record: RunRecord,
  index: number,
  painter: Painter,
): Markup {
  const chart = record.charts[index]!;
  const { caption, reading } = painter.picture(chart, record, { rows });
  const title = chartTitles[chart.view] ?? '';
  return html`<figure data-experiment="${id}" data-chart="${index}"${showsRounds(chart)}>
<figcaption>${keepUnits(title)}</figcaption>
<div class="picture"><canvas role="img" aria-label="${title} ${caption}"></canvas></div>
<p class="caption">${keepUnits(caption)}</p>
<div class="controls">
${painter.scaleOf(chart) === null ? '' : button('scale', 'Switch the scale')}
${painter.timeOf(chart, record) !== undefined ? TIMELINE_CONTROLS.map(([action, name]) => button(action, name)) : ''}
<details><summary>How to read it</summary><p>${keepUnits(reading)}</p></details>
</div>
</figure>`;
}

function showsRounds({ kind }: Chart): Markup {
  return raw(CHART_KINDS.get(kind)?.showsRounds === true ? ' data-rounds' : '');
}

const TIMELINE_CONTROLS = [
  ['in', 'Zoom in'],
  ['out', 'Zoom out'],
  ['earlier', 'Earlier'],
  ['later', 'Later'],
  ['whole', 'The whole run'],
] as const;

function button(action: string, name: string): Markup {
  return html`<button type="button" data-action="${action}">${name}</button>`;
}

/** The page's program with the drawers of all kinds of charts. */
export function reportProgram(kinds: readonly string[] = CHART_KIND_NAMES): Program {
  const imports = kinds.map(
    (kind, index) => `import kind${index} from ${JSON.stringify(partOf(kind, 'draw'))};`,
  );
  const drawers = kinds.map((kind, index) => `[${JSON.stringify(kind)}, kind${index}]`);
  return {
    text: `import { start } from './program.ts';\n${imports.join('\n')}\nstart(new Map([${drawers.join(', ')}]));\n`,
    folder: join(import.meta.dirname, 'browser'),
  };
}

/** A slider that shows one round in the charts above it, and its samples on demand. */
function roundsOf({ id, title }: ExperimentSummary, record: RunRecord): Markup {
  const rounds = finishedRounds(record).map(([first]) => first!.round);
  const drawn = record.charts.some(({ kind }) => CHART_KINDS.get(kind)?.showsRounds === true);
  const marks = drawn ? 'Diamonds in the charts then mark the values of that round. ' : '';
  return html`<div class="rounds" data-experiment="${id}">
<label for="${id}-round">Show one round of ${title}</label>
<input type="range" id="${id}-round" min="0" max="${rounds.length}" value="0" step="1" aria-describedby="${id}-effect ${id}-shown">
<output id="${id}-shown" for="${id}-round">all rounds</output>
<p class="note" id="${id}-effect">Move right to pick one of ${count(rounds.length, 'round')}. ${marks}"Every sample" then lists
that round alone. The far left shows all rounds; the results do not change.</p>
<details class="raw"><summary>Every sample</summary></details>
</div>`;
}

/** The tables of an experiment; many tables are folded, since they would hide the next experiment. */
function tableSection(experiment: ExperimentSummary): Markup | string {
  const { rows } = experiment;
  if (rows.length === 0) return '';
  const groups = new Set(rows.map(({ group }) => group)).size;
  const size = `${rows.length} rows${groups > 1 ? ` in ${groups} groups` : ''}`;
  return html`<details class="tables"${raw(groups > 1 ? '' : ' open')}><summary>All numbers: ${size}</summary>
${tablesOf(experiment)}
${rowNotes(experiment).map((line) => html`<p class="note">${keepUnits(line)}</p>`)}
</details>`;
}

function tablesOf(experiment: ExperimentSummary): Markup[] {
  const groups = Map.groupBy(experiment.rows, ({ group }) => group);
  const tables = [...groups].flatMap(([group, rows]) =>
    rowTables(experiment, rows).map((table) => ({ group, ...table })),
  );
  const explained = new Set<string>();
  return tables.map(({ group, what, headings, body }) => {
    const columns = meaningsOf({ what, headings }, experiment.metrics);
    const isAgain = explained.has(headings.join());
    explained.add(headings.join());
    return html`${tableOf(
      joinNames([group, what], ': '),
      columns,
      body.map(({ cells }) => cells),
    )}
${columnsOf(columns, isAgain)}
`;
  });
}

function tableOf(caption: string, columns: readonly Column[], lines: readonly (readonly string[])[]): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption === '' ? 'Table' : caption}"><table>
${caption === '' ? '' : html`<caption>${keepUnits(caption)}</caption>`}
<thead><tr>${columns.map(({ heading, meaning }) => html`<th scope="col"><button type="button" title="${meaning}">${heading}</button></th>`)}</tr></thead>
<tbody>
${lines.map(rowOf)}
</tbody>
</table></div>`;
}

/** The explanation of columns below a table, for users without a pointer. @param isAgain the same columns were explained above */
function columnsOf(columns: readonly Column[], isAgain: boolean): Markup {
  return html`<details class="columns${isAgain ? ' again' : ''}"><summary>What the columns mean</summary><dl>
${columns
  .filter(({ meaning }) => meaning !== '')
  .map(({ heading, meaning }) => html`<div><dt>${heading}</dt><dd>${keepUnits(meaning)}</dd></div>`)}
</dl></details>`;
}

function rowOf([name = '', ...cells]: readonly string[]): Markup {
  return html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
}

function dataOf(records: readonly RunRecord[], { experiments }: Summary): PageData {
  return {
    experiments: records.map((record, index) => {
      const { rows } = experiments[index]!;
      return {
        id: record.experiment.id,
        rows,
        record: {
          experiment: record.experiment,
          charts: record.charts,
          metrics: record.metrics,
          variants: record.variants,
          traces: record.traces,
        },
        samples: finishedRounds(record)
          .flat()
          .map(
            ({ round, variant, twin, wallMs, cpuMs, boundMs }): SampleData => [
              round,
              variant,
              twin ? 1 : 0,
              readable(wallMs),
              readable(cpuMs),
              readable(boundMs),
            ],
          ),
      };
    }),
  };
}

/** Rounds to five digits, which are enough for readers; the record has all digits. */
function readable(ms: number): number {
  return Number(ms < 1000 ? ms.toPrecision(5) : ms.toFixed(1));
}
