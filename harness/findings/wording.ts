/** Sentences about rows: one wording per fact, for all experiments. */
import type { Row } from '../model/row.ts';
import { judge, judgeBeside, type Ranking } from './judge.ts';
import { formatRatio, formatShare, ratioWithInterval } from './numbers.ts';

const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });
/** A list with more names is cut, and ends with the number of the others. */
const MOST_NAMES = 3;

/** Names as a list: `a, b and c`; `none` for an empty list. */
export function listOf(names: readonly string[]): string {
  return names.length === 0 ? 'none' : LIST.format(names);
}

/** The names of a few rows, as a list: `a, b, c and 2 more`. */
export function namesOf(rows: readonly Row[], most = MOST_NAMES): string {
  const names = rows.map(({ variant }) => variant);
  return listOf(names.length <= most ? names : [...names.slice(0, most), `${names.length - most} more`]);
}

/** A number with its noun: `1 request`, `2 requests`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** Joins sentences, or parts of a sentence, without empty ones. */
export function joinParts(parts: readonly (string | null | undefined)[], separator = ' '): string {
  return parts.filter((part) => part).join(separator);
}

/** A text cut to this many characters; the last one is then an ellipsis. */
export function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
}

/** The row's speedup over its baseline with its interval: `3.20x as fast (3.11 to 3.30)`, or that it is not proven. */
export function speedText(row: Row): string {
  const { verdict, ratio } = judge(row);
  switch (verdict) {
    case 'faster':
    case 'slower':
      return ratioWithInterval(ratio, ' as fast');
    case 'tied':
      return `tied with its baseline at ${ratioWithInterval(ratio)}`;
    case 'unproven':
      return `${formatRatio(ratio.value)} as fast, unproven`;
  }
}

/** The ratio of the times of two rows of a group, as `2.80x as long`, with its interval if there is one. */
export function longText(own: Row, other: Row): string {
  const { ratio } = judgeBeside(other, own);
  return ratioWithInterval(ratio, ' as long');
}

/** The share of its bound that a row reaches: `98 % of its bound`. */
export function boundText({ efficiency }: Row, whose = 'its'): string {
  return `${formatShare(efficiency)} of ${whose} bound`;
}

/**
 * The fastest and the slowest row of a group: `Fastest at 1 ms: a and b (tied). Slowest: c, 7.30x as long.`
 *
 * @param place names the group within a sentence: `at 1 ms`
 */
export function rankText(ranking: Ranking, place: string): string {
  const { fastest, slowest } = ranking;
  if (slowest === null) return `All ${fastest.length} are tied ${place}.`;
  const tied = fastest.length === 1 ? '' : ' (tied)';
  return `Fastest ${place}: ${namesOf(fastest)}${tied}. Slowest: ${slowest.variant}, ${longText(slowest, fastest[0])}.`;
}

/** Numbers of rounds, as in `6 to 20 rounds`. */
export function roundsText(rounds: readonly number[]): string {
  const [least, most] = [Math.min(...rounds), Math.max(...rounds)];
  return least === most ? count(most, 'round') : `${least} to ${count(most, 'round')}`;
}
