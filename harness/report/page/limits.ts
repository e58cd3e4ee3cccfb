/** The limits of a run because of its size. */
import { median } from 'simple-statistics';
import { finishedRounds } from '../../findings/finished.ts';
import { LEAST_ROUNDS } from '../../findings/general.ts';
import { formatShare } from '../../findings/numbers.ts';
import { count, roundsText } from '../../findings/wording.ts';
import { commandText, IS_PACKAGE } from '../../installation.ts';
import type { Row } from '../../model/row.ts';
import type { RunRecord } from '../../record/schema.ts';
import { halfWidth } from '../precision.ts';
import type { ExperimentSummary } from '../summary.ts';

/** Words for the sizes of Overlap's profiles; another's experiments have sizes of their own. */
const SIZES: Readonly<Record<string, string>> = IS_PACKAGE
  ? {}
  : {
      smoke: 'tiny workloads',
      quick: 'small workloads',
      book: "the numbers of the book's chapter",
    };
/** The larger run to use instead. */
const LARGER: Readonly<Record<string, string>> = {
  smoke: `It shows only that everything works; run ${commandText('bench')} for answers.`,
  ...(IS_PACKAGE
    ? {}
    : { quick: `For the chapter's numbers, run ${commandText('bench', '--profile book')}.` }),
};

/**
 * The limits of the records of each profile, in a few sentences.
 *
 * @param experiments of the summary, in the order of the records
 */
export function limitsOf(records: readonly RunRecord[], experiments: readonly ExperimentSummary[]): string[] {
  const measured = records
    .map((record, index) => ({
      profile: record.profile,
      rounds: finishedRounds(record).length,
      rows: experiments[index]!.rows,
    }))
    .filter(({ rows }) => rows.length > 0);
  return [...Map.groupBy(measured, ({ profile }) => profile)].map(([profile, some]) => {
    const rounds = some.map((one) => one.rounds);
    const size = Object.hasOwn(SIZES, profile)
      ? `: ${SIZES[profile]}, ${roundsText(rounds)}`
      : `: ${roundsText(rounds)}`;
    const larger = Object.hasOwn(LARGER, profile) ? ` ${LARGER[profile]}` : '';
    return `Profile ${profile}${size}. ${certaintyOf(
      some.flatMap(({ rows }) => rows),
      Math.max(...rounds),
    )}${larger}`;
  });
}

/** The widths of the intervals, and the differences that they hide. */
function certaintyOf(rows: readonly Row[], mostRounds: number): string {
  const compared = rows.filter(({ baseline, sameWork }) => !baseline && sameWork);
  const widths = compared.map(({ speedup }) => halfWidth(speedup)).filter(Number.isFinite);
  if (widths.length === 0)
    return mostRounds < LEAST_ROUNDS
      ? `${count(mostRounds, 'round')} ${mostRounds === 1 ? 'proves' : 'prove'} nothing: a 95 % interval needs ${LEAST_ROUNDS} rounds.`
      : 'No row has a 95 % interval, so nothing is proven.';
  const width = formatShare(median(widths), 1);
  const missing = compared.length - widths.length;
  const without =
    missing === 0
      ? ''
      : ` ${count(missing, 'row')} of ${compared.length} ${missing === 1 ? 'has' : 'have'} no interval.`;
  return `A difference smaller than its 95 % interval is not seen. Half of the intervals reach ${width} or more to each side.${without}`;
}
