import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Row } from '../../model.ts';
import type { RunRecord } from '../../record.ts';
import { finishedRounds } from '../finished.ts';
import type { ExperimentSummary, Summary } from '../summary.ts';
import {
  cellsOf,
  findingsIn,
  HEADINGS,
  metricTable,
  peerTable,
  rowWarnings,
  skippedLines,
} from '../table.ts';
import { joinNames, threeDigits } from '../text.ts';
import type { PageData } from './data.ts';
import { html, type Markup, raw } from './markup.ts';

/**
 * `report.html`: one page with all that follows from the records of a run. It needs no network and no other file, and the
 * same records give the same bytes.
 */
export function reportPage(records: readonly RunRecord[], summary: Summary): string {
  const { experiments } = summary;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Overlap: ${experiments.map(({ title }) => title).join(', ')}</title>
<style>${raw(fontFaces())}${raw(readFileSync(join(import.meta.dirname, 'page.css'), 'utf8'))}</style>
</head>
<body>
<header>
<h1>${headlineOf(summary)}</h1>
${trustOf(summary)}
${environmentOf(summary)}
</header>
<nav aria-label="Experiments"><ul>
${experiments.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
</ul></nav>
<main>
${experiments.map((experiment, index) => sectionOf(experiment, records[index]!))}
</main>
<script type="application/json" id="data">${raw(jsonForScript(dataOf(records, summary)))}</script>
<script>${raw(browserScript())}</script>
</body>
</html>
`;
  return page.text;
}

/** The finding that the page is opened for: that of the crawl, or of the first experiment that has one. */
function headlineOf({ experiments }: Summary): string {
  const told = experiments.filter(({ finding }) => finding !== '');
  const [first] = [...told.filter(({ id }) => id === 'crawl'), ...told];
  return first?.finding ?? 'Nothing was measured.';
}

function trustOf({ trusted, control, warnings }: Summary): Markup {
  const ratio =
    control === null
      ? 'No variant ran twice in a round, so that nothing tells how far chance alone goes.'
      : `Two runs of the same variant differ by a factor of ${control.value.toFixed(3)}` +
        (control.low === null
          ? ' (too few rounds for an interval).'
          : ` (95 % interval ${control.low.toFixed(3)} to ${control.high!.toFixed(3)}).`);
  return html`<div class="trust${trusted ? '' : ' doubtful'}">
<p><strong>${trusted ? 'Nothing speaks against this run.' : 'This run is not to be trusted.'}</strong> ${ratio}</p>
${warnings.map((warning) => html`<p>${warning}</p>`)}
</div>`;
}

function environmentOf({ environment, profile }: Summary): Markup | string {
  if (environment === null) return '';
  const { node, undici, cpu, os, git, loadBefore } = environment;
  const facts: [string, string][] = [
    ['profile', profile],
    ['Node', node],
    ['undici', `${undici.installed} (inside Node ${undici.insideNode})`],
    ['processor', `${cpu.model}, ${cpu.count} cores`],
    ['system', `${os.platform} ${os.release}, ${os.arch}`],
    ['load before', loadBefore.toFixed(2)],
    ['commit', git === null ? 'none' : `${git.commit}${git.dirty ? ', with changes' : ''}`],
  ];
  return html`<details><summary>Where it ran</summary><dl>
${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
</dl></details>`;
}

function sectionOf(experiment: ExperimentSummary, record: RunRecord): Markup {
  const { id, title, question, rows, status, reason } = experiment;
  return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
<p class="question">${question}</p>
${reason === null ? '' : html`<p class="status">${status}: ${reason}</p>`}
${findingsIn(experiment).map((finding) => html`<p class="finding">${finding}</p>`)}
${rows.length === 0 ? '' : record.charts.map((_, index) => figureOf(experiment, index))}
${tablesOf(experiment)}
${[...rowWarnings(rows), ...skippedLines(experiment)].map((line) => html`<p class="note">${line}</p>`)}
${rows.length === 0 ? '' : html`<details class="raw" data-experiment="${id}"><summary>Every sample</summary></details>`}
</section>`;
}

function figureOf({ id, finding }: ExperimentSummary, index: number): Markup {
  return html`<figure data-experiment="${id}" data-chart="${index}">
<div class="picture"><canvas role="img" aria-label="${finding}"></canvas></div>
<figcaption><span></span><button type="button" hidden>Switch to a linear scale</button></figcaption>
</figure>`;
}

function tablesOf(experiment: ExperimentSummary): Markup[] {
  const groups = Map.groupBy(experiment.rows, ({ group }) => group);
  return [...groups].flatMap(([group, rows]) => {
    const metrics = metricTable(experiment, rows);
    const [peerHeadings, ...peers] = peerTable(rows);
    return [
      tableOf(group, HEADINGS, rows.map(cellsOf)),
      ...(peerHeadings === undefined
        ? []
        : [tableOf(joinNames([group, 'beside peers'], ': '), peerHeadings, peers)]),
      ...(metrics.headings.length === 0
        ? []
        : [
            tableOf(
              joinNames([group, 'further figures'], ': '),
              ['variant', ...metrics.headings],
              metrics.lines.map(([row, cells]: [Row, string[]]) => [row.variant, ...cells]),
            ),
          ]),
    ];
  });
}

function tableOf(
  caption: string,
  headings: readonly string[],
  lines: readonly (readonly string[])[],
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption === '' ? 'Table' : caption}"><table>
${caption === '' ? '' : html`<caption>${caption}</caption>`}
<thead><tr>${headings.map((heading) => html`<th scope="col"><button type="button">${heading}</button></th>`)}</tr></thead>
<tbody>
${lines.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}
</tbody>
</table></div>`;
}

function dataOf(records: readonly RunRecord[], { experiments }: Summary): PageData {
  return {
    experiments: records.map((record, index) => {
      const { rows, finding } = experiments[index]!;
      return {
        id: record.experiment.id,
        rows,
        finding,
        record: {
          experiment: record.experiment,
          charts: record.charts,
          variants: record.variants,
          traces: record.traces,
        },
        samples: finishedRounds(record)
          .flat()
          .map(({ round, variant, twin, wallMs, cpuMs, boundMs }) => [
            round,
            variant,
            twin ? 1 : 0,
            ...[wallMs, cpuMs, boundMs].map((ms) => Number(threeDigitsOf(ms))),
          ]),
      };
    }),
  };
}

/** Enough for a reader; the record has the rest. */
function threeDigitsOf(ms: number): string {
  return ms < 1000 ? ms.toPrecision(5) : threeDigits(ms);
}

/** JSON that ends no script, whatever it says. */
function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function fontFaces(): string {
  const require = createRequire(import.meta.url);
  return ['400', '600']
    .map((weight) => {
      const file = require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`);
      const data = readFileSync(file).toString('base64');
      return `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/woff2;base64,${data})}\n`;
    })
    .join('');
}

let script: string | undefined;

/** The page's own program, with Chart.js, in one piece. */
function browserScript(): string {
  script ??= buildSync({
    entryPoints: [join(import.meta.dirname, 'browser.ts')],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
  }).outputFiles[0]!.text.replaceAll('</script', '<\\/script');
  return script;
}
