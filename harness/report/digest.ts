/** The end of a run on a terminal: the answer of each experiment, and whether the run can be trusted. */

import { trustText } from '../findings/control.ts';
import { areTooFew, LEAST_ROUNDS } from '../findings/general.ts';
import { warningText } from '../findings/warnings.ts';
import { count, listOf, roundsText } from '../findings/wording.ts';
import { commandText } from '../installation.ts';
import type { ExperimentSummary, Summary } from './summary.ts';
import { TERMINAL_WIDTH, wrapText } from './text.ts';

/** The width of an experiment's name with its question in a few words; if it is longer, only the name is shown. */
const LEFT_WIDTH = 23;
/** More warnings than this are on the page. */
const MOST_WARNINGS = 2;
/** More reasons for skipped rows are on the page. */
const MOST_SKIPPED = 3;

/** The places with more details. */
export interface DigestPlaces {
  /** The page, and the command that opens it; null if no page was written. */
  readonly page: { readonly file: string; readonly command: string } | null;
  /** The file with the tables; null if they were printed above. */
  readonly tables: string | null;
  /** The duration of the run in ms, or null if unknown. */
  readonly elapsedMs: number | null;
}

/**
 * The digest of a run: of ten experiments at most 24 lines of 80 columns.
 *
 * @returns lines without their ends
 */
export function digestOf(summary: Summary, places: DigestPlaces): string[] {
  const { experiments } = summary;
  return [
    ...headOf(summary, places),
    '',
    ...experiments.map(answerLine),
    '',
    ...trustLines(summary),
    ...skippedLines(experiments),
    ...(places.page === null ? [] : [`Page: ${places.page.file} (${places.page.command} opens it)`]),
    ...(places.tables === null ? [] : [`Tables: ${commandText('bench', '--tables')}, or ${places.tables}`]),
  ];
}

function headOf({ experiments, profile }: Summary, { elapsedMs }: DigestPlaces): string[] {
  const rows = experiments.flatMap((experiment) => experiment.rows);
  const ofEach = experiments.flatMap((experiment) =>
    experiment.rows.length === 0 ? [] : [Math.max(...experiment.rows.map(({ rounds }) => rounds))],
  );
  const most = Math.max(0, ...ofEach);
  const took = elapsedMs === null ? '' : `, in ${Math.round(elapsedMs / 1000)} s`;
  const head = `Overlap: ${count(experiments.length, 'experiment')}, profile ${profile}, ${roundsText(rows.length === 0 ? [0] : ofEach)}${took}.`;
  if (rows.length === 0 || !areTooFew(rows)) return [head];
  const proves = most === 1 ? 'One round proves' : `${most} rounds prove`;
  return [`${proves} nothing: an interval takes ${LEAST_ROUNDS}. The quick profile has them.`, head];
}

/** As in `crawl: how much faster?  promise-all is 55.1x as fast as serial`. */
function answerLine(experiment: ExperimentSummary): string {
  const { id, brief } = experiment;
  const full = brief === '' ? id : `${id}: ${brief}`;
  const left = full.length <= LEFT_WIDTH ? full : id;
  const room = TERMINAL_WIDTH - Math.max(LEFT_WIDTH, left.length) - 1;
  return `${left.padEnd(LEFT_WIDTH)} ${cut(answerOf(experiment), room)}`;
}

function answerOf({ status, reason, finding }: ExperimentSummary): string {
  if (finding !== null) return status === 'errored' ? `errored; ${finding.short}` : finding.short;
  return `${status}: ${reason ?? 'no round was finished'}`;
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 3)}...`;
}

/** Whether the run can be trusted, and why. */
function trustLines({ trusted, control, warnings }: Summary): string[] {
  const shown = warnings.slice(0, MOST_WARNINGS).map(warningText);
  const more = warnings.length - shown.length;
  return [
    // If it cannot be trusted, the first warning says so.
    ...(trusted ? [trustText(control)] : []),
    ...shown,
    ...(more > 0 ? [`${count(more, 'more warning')} on the page.`] : []),
  ].flatMap((line) => wrapText(line, TERMINAL_WIDTH));
}

/** The skipped rows and peers, one line per reason, with the remedy. */
function skippedLines(experiments: readonly ExperimentSummary[]): string[] {
  const skipped = [
    ...experiments.flatMap(({ id, status, reason }) =>
      status === 'skipped' ? [{ id, reason: reason! }] : [],
    ),
    ...experiments.flatMap(({ skippedPeers }) => skippedPeers),
  ];
  const groups = [...Map.groupBy(skipped, ({ reason }) => remedyOf(reason))];
  const lines = groups.slice(0, MOST_SKIPPED).map(([remedy, members]) => {
    const names = [...new Set(members.map(({ id }) => id))];
    return `Skipped ${listOf(names)}: ${remedy}`;
  });
  const more = groups.length - lines.length;
  return [...lines, ...(more > 0 ? [`${count(more, 'more reason')} on the page.`] : [])].flatMap((line) =>
    wrapText(line, TERMINAL_WIDTH),
  );
}

/** The remedy after a semicolon in a reason, or else the whole reason. */
function remedyOf(reason: string): string {
  return reason.split('; ').at(-1)!;
}
