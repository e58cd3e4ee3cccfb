/** Findings for the rows of any experiment. */
import type { Finding } from '../model/finding.ts';
import type { Row } from '../model/row.ts';
import { fasterRows, judge, judgeBeside } from './judge.ts';
import { LONGEST } from './longest.ts';
import { formatRatio } from './numbers.ts';
import { boundText, clipped, count, joinParts, namesOf, speedText } from './wording.ts';

/**
 * The fewest rounds for a 95 % interval: with fewer, the signed-rank test has no p as small as 0.05. As many on each side
 * always give an interval of two separate runs, too.
 */
export const LEAST_ROUNDS = 6;

/** Whether none of these rows has enough rounds for an interval. */
export function areTooFew(rows: readonly Row[]): boolean {
  return rows.every(({ rounds }) => rounds < LEAST_ROUNDS);
}

/** The finding if no row has an interval: the measured speedup, and that it proves nothing. */
export function unprovenFinding(rows: readonly Row[]): Finding {
  const most = Math.max(0, ...rows.map(({ rounds }) => rounds));
  const [first] = comparedRows(rows).toSorted((one, other) => other.speedup.value - one.speedup.value);
  const seen =
    first === undefined
      ? []
      : [
          `Seen, but not proven: ${placeOf(first, rows)} at ${formatRatio(first.speedup.value)} the speed of its baseline.`,
        ];
  return {
    headline:
      most < LEAST_ROUNDS
        ? `Nothing is proven by ${count(most, 'round')}: run at least ${LEAST_ROUNDS}.`
        : `Nothing is proven: no row shares ${LEAST_ROUNDS} rounds with its baseline.`,
    short: shortOf(first, rows),
    details: seen,
  };
}

/** The measured speedup, if it fits. */
function shortOf(first: Row | undefined, rows: readonly Row[]): string {
  const seen = first && `${placeOf(first, rows)} ${formatRatio(first.speedup.value)}, unproven`;
  return seen === undefined || seen.length > LONGEST.short ? 'nothing is proven' : seen;
}

/**
 * The fastest row relative to its baseline, as far as that is proven.
 *
 * @param rows those to choose from, which may include peers and rows of unequal work
 * @param all all rows, including the baselines
 * @param advice what to do, in one sentence
 */
export function fastestFinding(rows: readonly Row[], all = rows, advice?: string): Finding {
  const compared = comparedRows(rows);
  if (compared.length === 0)
    return plain(
      rows.length === 0
        ? 'Nothing was measured.'
        : rows.every(({ sameWork }) => sameWork)
          ? 'Nothing was compared.'
          : 'These rows do unequal work, so no speedup is told.',
    );
  const faster = fasterRows(compared);
  const [first] = faster;
  if (first === undefined) {
    const unproven = compared.every((row) => judge(row).verdict === 'unproven');
    return unproven ? unprovenFinding(rows) : plain('No row is proven to be faster than its baseline.');
  }
  const tied = faster.filter(
    (row) => row !== first && row.group === first.group && judgeBeside(first, row).verdict !== 'faster',
  );
  const baseline = all.find((row) => row.baseline && row.group === first.group)?.variant ?? 'its baseline';
  const [place, times] = [placeOf(first, all), `${formatRatio(first.speedup.value)} as fast`];
  const fact = `${clipped(place, 50)} is ${times} as ${clipped(baseline, 40)}`;
  return {
    headline: `${fact}.`,
    short: fact.length <= LONGEST.short ? fact : `${clipped(place, 30)} is ${times}`,
    details: [
      joinParts([
        `It is ${speedText(first)}${first.boundMs > 0 ? `, at ${boundText(first)}` : ''}.`,
        tied.length === 0 ? null : `Tied with it: ${namesOf(tied)}.`,
      ]),
      ...(advice === undefined ? [] : [advice]),
    ],
  };
}

/** One sentence for a chart that shows these rows. */
export function chartSentence(rows: readonly Row[], all: readonly Row[]): string {
  if (rows.length === 0) return 'Nothing of this was measured.';
  return (areTooFew(rows) ? unprovenFinding(rows) : fastestFinding(rows, all)).headline;
}

/** A finding of one sentence; `short` replaces it on one line if it is too long. */
export function plain(sentence: string, short = sentence.replace(/\.$/, '')): Finding {
  return { headline: sentence, short, details: [] };
}

function comparedRows(rows: readonly Row[]): Row[] {
  return rows.filter(
    ({ baseline, floor, peer, sameWork }) => !baseline && !floor && peer === null && sameWork,
  );
}

/** A row's name, after its group if there are several. */
function placeOf({ group, variant }: Row, all: readonly Row[]): string {
  const several = new Set(all.map((row) => row.group)).size > 1;
  return several && group !== '' ? `${variant} (${group})` : variant;
}
