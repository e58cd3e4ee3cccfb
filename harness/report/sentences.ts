/** What a report says of an experiment in sentences: its finding, and what each chart shows. */

import { shownRows } from '../charts/kinds.ts';
import type { Chart } from '../model/chart.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Row } from '../model/row.ts';
import type { RunRecord } from '../record/schema.ts';
import { joinNames, ratioDigits } from './text.ts';

/** What an experiment says of its rows: one sentence, and one on the peers where it has some. */
export type Findings = Pick<Experiment, 'finding' | 'peersFinding'> &
  Partial<Pick<Experiment, 'charts' | 'unequalWork'>>;

/** The sentences of one experiment. */
export interface Sentences {
  /** Empty where no round was finished. */
  readonly finding: string;
  /** How our rows stand beside the peers'; empty where there are none. */
  readonly peersFinding: string;
  /** What each chart shows, by its view; none where no round was finished. */
  readonly chartTitles: Readonly<Record<string, string>>;
  /** Which of them the experiment failed to make, and why. */
  readonly faults: readonly string[];
}

/**
 * Makes the sentences of an experiment. Where it has none for what was measured, or fails to make one, a general one is
 * made from the rows, so that whatever was measured is told.
 *
 * @param findings what the experiment says, or undefined for one that is unknown by now
 */
export function sentencesOf(
  record: RunRecord,
  findings: Findings | undefined,
  rows: readonly Row[],
): Sentences {
  if (rows.length === 0) return { finding: '', peersFinding: '', chartTitles: {}, faults: [] };
  const faults: string[] = [];
  const said = (what: string, say: () => string | undefined): string => {
    try {
      return say()?.trim() ?? '';
    } catch (error) {
      const { id } = record.experiment;
      faults.push(`${id}: ${what} could not be made, and a general one stands in its place (${error}).`);
      return '';
    }
  };
  const finding = said('its finding', () => findings?.finding(rows)) || generalFinding(rows);
  const titleOf = (chart: Chart): string => {
    const shown = shownRows(chart, record, rows);
    const declared = findings?.charts?.find(({ view }) => view === chart.view);
    const own = said(`what its chart ${chart.view} shows`, () => declared?.says?.(shown));
    // The finding is about all rows, of which the chart may show a few.
    return own || (shown.length === rows.length ? finding : generalFinding(shown, rows));
  };
  return {
    finding,
    peersFinding: said('what it says of peers', () => findings?.peersFinding?.(rows)),
    chartTitles: Object.fromEntries(record.charts.map((chart) => [chart.view, titleOf(chart)])),
    faults,
  };
}

/** What can be said of any rows: which is the fastest beside its baseline, one of `all`, as far as that is proven. */
function generalFinding(rows: readonly Row[], all = rows): string {
  const ours = rows.filter(({ baseline, peer, sameWork }) => !baseline && !peer && sameWork);
  const [first] = ours.toSorted((one, other) => other.speedup.value - one.speedup.value);
  if (first === undefined) return rows.length === 0 ? 'Nothing was measured.' : 'Nothing was compared.';
  const proven = ours.filter(({ speedup }) => speedup.low !== null);
  const [fastest] = proven
    .filter(({ speedup }) => speedup.low! > 1)
    .toSorted((one, other) => other.speedup.value - one.speedup.value);
  if (proven.length === 0)
    return `Fastest: ${besideBaseline(all, first)}; too few rounds for an interval, so that nothing is proven.`;
  if (fastest === undefined) return 'No row was measurably faster than its baseline.';
  const { low, high } = fastest.speedup;
  return `Fastest: ${besideBaseline(all, fastest)} (95 % interval ${ratioDigits(low!)} to ${ratioDigits(high!)}).`;
}

/** As in `semaphore@100, 95.4 times as fast as serial`. */
function besideBaseline(all: readonly Row[], { group, variant, speedup }: Row): string {
  const baseline = all.find((other) => other.baseline && other.group === group);
  const times = `${ratioDigits(speedup.value)} times as fast as ${baseline?.variant ?? 'its baseline'}`;
  return `${joinNames([group, variant], ' ')}, ${times}`;
}
