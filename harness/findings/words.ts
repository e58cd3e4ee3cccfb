/** All sentences about one experiment: its finding, the comparison with peers, and the titles of charts. */
import { shownRows } from '../charts/kinds.ts';
import type { Chart, DeclaredChart } from '../model/chart.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Finding, MeasuredRows } from '../model/finding.ts';
import type { Row, Warning } from '../model/row.ts';
import type { RunRecord, Words } from '../record/schema.ts';
import { areTooFew, chartSentence, fastestFinding, unprovenFinding } from './general.ts';
import { LONGEST } from './longest.ts';
import { besidePeers } from './peers.ts';
import { rowsOfRecord } from './rows.ts';

/** The parts of an experiment that reports need besides its records. */
export type Worded = Partial<
  Pick<Experiment, 'brief' | 'finding' | 'charts' | 'metrics' | 'unequalWork' | 'peersBy'>
>;

/** Separates our rows from floors and from those of peers. */
export function tellApart(rows: readonly Row[]): MeasuredRows {
  return {
    own: rows.filter(({ floor, peer }) => peer === null && !floor),
    floors: rows.filter(({ floor, peer }) => peer === null && floor),
    peers: rows.filter(({ peer }) => peer !== null),
  };
}

/**
 * Makes the sentences of an experiment. Without the experiment, those of the record are used. Sentences that the
 * experiment fails to make, or the record lacks, are replaced by general ones from the rows.
 *
 * @param experiment the current experiment, or undefined if the project does not have it
 * @returns the sentences, and a warning for each that the experiment failed to make
 */
export function wordsOf(
  record: RunRecord,
  experiment: Worded | undefined,
  rows: readonly Row[],
): { words: Words; faults: Warning[] } {
  const kept = record.words ?? NO_WORDS;
  if (rows.length === 0) return { words: NO_WORDS, faults: [] };
  const faults: Warning[] = [];
  const attempt = createAttempt(record.experiment.id, faults);
  const own = () => checked(experiment?.finding?.(tellApart(rows)));
  const finding = areTooFew(rows)
    ? unprovenFinding(rows)
    : ((experiment === undefined ? kept.finding : attempt('its finding', own)) ?? fastestFinding(rows));
  const titleOf = (chart: Chart): string => {
    const shown = shownRows(chart, record, rows);
    const declared: DeclaredChart | undefined = experiment?.charts?.find(({ view }) => view === chart.view);
    const says = () => (areTooFew(shown) ? undefined : checkedTitle(declared?.says?.(tellApart(shown))));
    return (
      (experiment === undefined
        ? kept.chartTitles[chart.view]
        : attempt(`what its chart ${chart.view} shows`, says)) ||
      // The finding is about all rows, of which the chart may show a few.
      (shown.length === rows.length ? finding.headline : chartSentence(shown, rows))
    );
  };
  const words: Words = {
    finding,
    peersFinding:
      experiment === undefined && record.words !== null
        ? kept.peersFinding
        : besidePeers(tellApart(rows), experiment?.peersBy),
    chartTitles: Object.fromEntries(record.charts.map((chart) => [chart.view, titleOf(chart)])),
  };
  return { words, faults };
}

/** Adds its sentences to a record, for readers without the experiment. */
export function withWords(record: RunRecord, experiment: Worded | undefined): RunRecord {
  return { ...record, words: wordsOf(record, experiment, rowsOfRecord(record)).words };
}

const NO_WORDS: Words = { finding: null, peersFinding: '', chartTitles: {} };

/** Runs an author's code; an error becomes a warning and no result. */
function createAttempt(id: string, faults: Warning[]) {
  return <Said>(what: string, say: () => Said): Said | undefined => {
    try {
      return say();
    } catch (error) {
      faults.push({
        what: `${id}: ${what} could not be made (${error}).`,
        remedy: 'Mend that in its file; a general sentence stands in its place.',
      });
      return undefined;
    }
  };
}

/** @throws if it does not fit above its chart */
function checkedTitle(said: string | undefined): string | undefined {
  const title = said?.trim();
  if (title !== undefined && title.length > LONGEST.headline)
    throw new Error(`it has ${title.length} characters, and takes ${LONGEST.headline} at most: "${title}"`);
  return title;
}

/** @throws if it does not fit its places */
function checked(finding: Finding | null | undefined): Finding | null | undefined {
  if (!finding) return finding;
  const { headline, short, details } = finding;
  for (const [name, text] of [
    ['headline', headline],
    ['short', short],
  ] as const)
    if (text.length > LONGEST[name] || text.trim() === '')
      throw new Error(
        `its ${name} has ${text.length} characters, and takes 1 to ${LONGEST[name]}: "${text}"`,
      );
  if (details.length > LONGEST.details)
    throw new Error(`it has ${details.length} details, and takes ${LONGEST.details} at most`);
  return { headline, short, details: details.filter((detail) => detail !== '') };
}
