import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandText } from '../harness/installation.ts';
import type { Program } from '../harness/report/page/bundled-program.ts';
import { html, type Markup } from '../harness/report/page/markup.ts';
import { wholePage } from '../harness/report/page/whole-page.ts';
import {
  CHANGE_LABELS,
  type ChoiceProperty,
  DISTRIBUTION_LABELS,
  PROPERTIES,
  STRATEGIES,
  type StrategyChoice,
} from './choices.ts';

/** The data for the page's program. */
export interface PageData {
  readonly strategies: Readonly<Record<string, StrategyChoice>>;
  /** What starts this app. */
  readonly command: string;
}

/** The page's program. */
export const PLAY_PROGRAM: Program = {
  text: "import './play-program.ts';",
  folder: join(import.meta.dirname, 'page'),
};
const STYLES = join(import.meta.dirname, 'page/page.css');

/** The page: a form made from the schema of choices, and canvases for its program. */
export function playPage(): string {
  return wholePage({
    title: 'Overlap: watch waiting being hidden',
    body: html`<header>
<h1>Watch an event loop hide waiting</h1>
<p>Each bar is one request to a local server that answers late on purpose. See how many waits overlap.</p>
</header>
<main>
<form id="choices" autocomplete="off">
${Object.entries(PROPERTIES).map(([name, property]) => fieldOf(name, property))}
<p class="buttons"><button type="submit" id="start">Start</button><button type="button" id="stop" disabled>Stop</button></p>
</form>
<p id="hint"></p>
<p id="status" role="status" aria-live="polite">Nothing has run yet.</p>
<section id="race" aria-label="Time beside that of one after the other">
${barOf('serial', 'One after the other')}
${barOf('elapsed', 'This run')}
${barOf('last', 'Last run')}
</section>
<div id="runs">
<section id="this" aria-label="This run">${picturesOf('', 'No run yet: there will be a bar for each request.', 'No run yet: there will be two lines.')}</section>
<template id="last-run"><section id="last-pictures" aria-label="Last run">${picturesOf('last-', '', '')}</section></template>
</div>
<p class="note">One run is one sample, and drawing it costs time. To measure, use <code>${commandText('bench')}</code>.</p>
</main>`,
    data: { strategies: STRATEGIES, command: commandText('play') } satisfies PageData,
    program: PLAY_PROGRAM,
    css: readFileSync(STYLES, 'utf8'),
  });
}

const LABELS: Readonly<Record<string, string>> = {
  ...CHANGE_LABELS,
  ...DISTRIBUTION_LABELS,
  ...Object.fromEntries(Object.entries(STRATEGIES).map(([name, { label }]) => [name, label])),
};

function fieldOf(name: string, property: ChoiceProperty): Markup {
  const { title, default: given, minimum = 0, maximum = 0 } = property;
  const described = name === 'strategy' ? html` aria-describedby="hint"` : '';
  if (property.enum !== undefined)
    return html`<p class="wide"><label for="${name}">${title}</label>
<select id="${name}" name="${name}"${described}>
${property.enum.map(
  (value) =>
    html`<option value="${value}"${value === given ? html` selected` : ''}>${LABELS[value] ?? value}</option>`,
)}
</select></p>`;
  return html`<p><label for="${name}">${title}</label>
<input id="${name}" name="${name}" type="number" inputmode="numeric" required min="${minimum}" max="${maximum}" step="1" value="${given}" aria-describedby="${name}-limits">
<small id="${name}-limits">${minimum} to ${maximum}</small></p>`;
}

function barOf(id: string, title: string): Markup {
  return html`<div class="lap"${id === 'last' ? html` hidden` : ''}><span id="${id}-name">${title}</span><output id="${id}-time"></output>
<div class="track"><div class="bar" id="${id}"></div></div></div>`;
}

/** The pictures of one run; ids begin with `prefix`. */
function picturesOf(prefix: string, timelineLabel: string, loadLabel: string): Markup {
  return html`${figureOf(`${prefix}timeline`, 'timeline', 'Every request over time', timelineLabel)}
${figureOf(`${prefix}load`, 'load', 'Requests in flight, and delay of the event loop', loadLabel)}`;
}

function figureOf(id: string, kind: string, title: string, label: string): Markup {
  return html`<figure><figcaption>${title}</figcaption>
<div class="picture ${kind}" id="${id}-picture"><canvas id="${id}" role="img" aria-label="${label}"></canvas></div></figure>`;
}
