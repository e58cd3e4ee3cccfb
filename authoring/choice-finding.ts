/** The finding of a benchmark that compares choices: which is the fastest, and what the current one loses to it. */
import { plain } from '../harness/findings/general.ts';
import { judgeBeside, rank } from '../harness/findings/judge.ts';
import { formatRatio } from '../harness/findings/numbers.ts';
import { boundText, clipped, count, longText, namesOf, speedText } from '../harness/findings/wording.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { Row } from '../harness/model/row.ts';
import { hasValues, type Value } from './parameters.ts';

/** A longer name of a row is cut in the headline, in the short form, and in a list. */
const LONGEST_NAME = { headline: 40, short: 15, list: 24 };

/**
 * Names the fastest row, and what the current one loses to it.
 *
 * @param own our rows, of which the baseline is no choice
 * @param current the values that the code has today; empty if they are not known
 * @returns null if fewer than two rows have an interval
 */
export function choiceFinding(
  own: readonly Row[],
  current: Readonly<Record<string, Value | undefined>>,
): Finding | null {
  const rows = own.filter(({ baseline }) => !baseline);
  const ranking = rank(rows);
  if (ranking === null) return null;
  const { fastest, slowest } = ranking;
  const [first] = fastest;
  const known = Object.keys(current).length > 0;
  const now = known ? rows.find(({ parameters }) => hasValues(parameters, current)) : undefined;
  const details = [
    `${first.variant} is ${speedText(first)}, at ${boundText(first)}.`,
    fastest.length === 1 ? '' : `Tied as the fastest: ${namesOf(fastest.map(cut))}.`,
    slowest === null ? '' : `Slowest: ${slowest.variant}, ${longText(slowest, first)}.`,
  ];
  const answer = now === undefined ? fastestAnswer(first, fastest.length) : currentAnswer(first, now);
  return { ...answer, details: details.filter((detail) => detail !== '') };
}

function cut(row: Row): Row {
  return { ...row, variant: clipped(row.variant, LONGEST_NAME.list) };
}

function fastestAnswer(first: Row, tied: number): Finding {
  const others = tied === 1 ? '' : ` (tied with ${count(tied - 1, 'other')})`;
  return plain(
    `Fastest: ${clipped(first.variant, LONGEST_NAME.headline)}${others}.`,
    `fastest: ${clipped(first.variant, LONGEST_NAME.short)}${others}`,
  );
}

function currentAnswer(first: Row, now: Row): Finding {
  const nameOf = (row: Row, part: keyof typeof LONGEST_NAME) => clipped(row.variant, LONGEST_NAME[part]);
  const { verdict, ratio } = judgeBeside(now, first);
  if (now === first || verdict !== 'slower')
    return plain(
      `Keep ${nameOf(now, 'headline')}: no other row is measurably faster.`,
      `keep ${nameOf(now, 'short')}: no other is faster`,
    );
  const times = `${formatRatio(1 / ratio.value)} as long`;
  return plain(
    `Take ${nameOf(first, 'headline')}: ${nameOf(now, 'headline')} takes ${times}.`,
    `${nameOf(first, 'short')}: ${nameOf(now, 'short')} takes ${times}`,
  );
}
