/** The top of a page: the run, its answers, whether it can be trusted, its limits, and its environment. */
import { trustText } from '../../findings/control.ts';
import { warningText } from '../../findings/warnings.ts';
import { count } from '../../findings/wording.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { EnvironmentFacts } from '../environment-facts.ts';
import type { ExperimentSummary, Summary } from '../summary.ts';
import { keepUnits } from '../text.ts';
import { limitsOf } from './limits.ts';
import { html, type Markup } from './markup.ts';

/** The run's name, for the window; with one experiment, the page's heading is its answer. */
export function nameOfRun({ experiments, profile }: Summary): string {
  if (experiments.length === 0) return 'Overlap: nothing was measured';
  const [first] = experiments;
  const what = experiments.length === 1 ? first!.title : count(experiments.length, 'experiment');
  return `Overlap: ${what}, profile ${profile}`;
}

/** @param common the facts of the environment that hold for the whole run */
export function openingOf(records: readonly RunRecord[], summary: Summary, common: EnvironmentFacts): Markup {
  const { experiments, profile } = summary;
  return html`<header>
<h1>${keepUnits(headingOf(summary))}</h1>
${experiments.length < 2 ? '' : answersOf(experiments)}
${trustOf(summary, limitsOf(records, experiments))}
${environmentOf(experiments.length === 0 ? common : new Map([['profile', profile], ...common]))}
</header>`;
}

function headingOf(summary: Summary): string {
  const { experiments } = summary;
  if (experiments.length === 0) return 'Nothing was measured.';
  if (experiments.length > 1) return nameOfRun(summary);
  return experiments[0]!.finding?.headline ?? nameOfRun(summary);
}

function answersOf(experiments: readonly ExperimentSummary[]): Markup {
  return html`<nav aria-label="Answers"><ul class="answers">
${experiments.map(
  (experiment) => html`<li><a href="#${experiment.id}">${keepUnits(experiment.question)}</a>
<p>${keepUnits(answerOf(experiment))}</p></li>
`,
)}</ul></nav>`;
}

/** The headline, or why it is missing. */
function answerOf({ finding, reason, status }: ExperimentSummary): string {
  if (finding !== null) return status === 'ok' ? finding.headline : `${finding.headline} (${status})`;
  return reason === null ? 'Nothing was measured.' : `${status}: ${reason}`;
}

function trustOf(summary: Summary, limits: readonly string[]): Markup {
  const { trusted, control, warnings } = summary;
  const told = warnings.map(warningText);
  // The first warning of a run that cannot be trusted has the reason.
  const [verdict = '', ...others] = trusted ? [trustText(control), ...told] : told;
  return html`<div class="trust ${trustClass(summary)}">
<p><strong>${keepUnits(verdict)}</strong>${trusted && told.length > 0 ? ' But read the warnings.' : ''}</p>
${[...limits, ...others].map((sentence) => html`<p>${keepUnits(sentence)}</p>`)}
</div>`;
}

function trustClass({ trusted, control }: Summary): string {
  if (!trusted) return 'doubtful';
  return control === null || control.low === null ? 'unchecked' : 'checked';
}

/** Facts of an environment as a list; empty without facts. */
export function environmentOf(facts: EnvironmentFacts): Markup | string {
  if (facts.size === 0) return '';
  return html`<dl class="environment">
${[...facts].map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
</dl>`;
}
