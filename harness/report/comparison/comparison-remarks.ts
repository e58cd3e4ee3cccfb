import { LEAST_ROUNDS } from '../../findings/general.ts';
import { fixedDigits, formatTime } from '../../findings/numbers.ts';
import { warningText } from '../../findings/warnings.ts';
import { count } from '../../findings/wording.ts';
import { commandText } from '../../installation.ts';
import type { Estimate } from '../../model/row.ts';
import { roundsForVerdict } from '../../statistics/outlook.ts';
import { nameOf } from './compared-rows.ts';
import type { ComparedRow, Comparison, MovedBaseline } from './comparison.ts';
import { type Lacking, unfinishedLines } from './left-out.ts';
import { changeOf, isDecidable, verdictCounts } from './verdicts.ts';

/** The most rows that are named with the verdicts. */
const MOST_NAMES = 6;
/** An estimate of more rounds than this is no use. */
const MOST_ROUNDS = 1000;

/** The lines above the tables of a comparison: the number of rows per verdict, and the changed rows. */
export function verdictsOn({ rows, decidedBy, margin }: Comparison): string[] {
  const counts = verdictCounts(rows)
    .filter(({ verdict, count: found }) => found > 0 || verdict === 'regressed')
    .map(({ verdict, count: found }) => `${found} ${verdict}`);
  const open = rows.some(({ verdict }) => verdict === 'inconclusive') ? ' (more rounds would tell)' : '';
  const by = decidedBy === 'time' ? 'times, paired by round' : 'speedups';
  const changed = rows.filter(({ verdict }) => ['regressed', 'not confirmed', 'improved'].includes(verdict));
  return [
    `${counts.join(', ')}${open}.`,
    `Judged by ${by}, at a margin of ${(margin * 100).toFixed(0)} %; ${count(rows.length, 'row')}${roundsText(rows)}.`,
    ...changed.slice(0, MOST_NAMES).map((row) => changeLine(row)),
    ...(changed.length > MOST_NAMES ? [`${changed.length - MOST_NAMES} more changed; see the tables.`] : []),
  ];
}

/** As in ` of 6 to 14 rounds`, where rows differ in it; empty where they do not. */
function roundsText(rows: readonly ComparedRow[]): string {
  const all = rows.map(({ rounds }) => Math.min(rounds.before, rounds.after));
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return least === most ? '' : ` of ${least} to ${most} rounds`;
}

/** As in `regressed: crawl, semaphore@100: +9.9 % (+5.3 to +12.1).` */
function changeLine(row: ComparedRow): string {
  const change = changeOf(row);
  return `${row.verdict}: ${nameOf(row)}: ${formatChange(change)} (${formatChangeInterval(change)}).`;
}

/** The remarks below the tables of a comparison. */
export function remarksOn(comparison: Comparison): string[] {
  const { rows, movedBaselines, lacking, warnings, again } = comparison;
  return [
    ...undecidableLines(rows),
    ...outlookLines(comparison),
    ...movedBaselines.map(baselineLine),
    ...secondLines(again),
    ...warnings.map((warning) => `Warning: ${warningText(warning)}`),
    ...unfinishedLines(lacking),
    ...lackingLines(lacking.after, 'now', 'Only before'),
    ...lackingLines(lacking.before, 'before', 'Only now'),
  ];
}

/** What was measured again, and what need not be. */
function secondLines(again: Comparison['again']): string[] {
  if (again === null) return [];
  const line = (told: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${told}: ${names.join('; ')}.`];
  return [
    ...line('Regressed again when measured again', again.confirmed),
    ...line('Regressed at first, and not when measured again', again.refuted),
    ...line('At least twice as slow, so not measured again', again.unneeded),
  ];
}

/** Rows that have too few rounds for any verdict. */
function undecidableLines(rows: readonly ComparedRow[]): string[] {
  const undecidable = rows.filter((row) => !isDecidable(row));
  if (undecidable.length === 0) return [];
  if (undecidable.length < rows.length)
    return [
      `Too few rounds for a verdict (${LEAST_ROUNDS} on each side are enough): ${undecidable.map(nameOf).join('; ')}.`,
    ];
  const most = (side: 'before' | 'after') => Math.max(...rows.map(({ rounds }) => rounds[side]));
  return [
    `No row can be decided with ${most('before')} rounds before and ${most('after')} now: ` +
      `measure at least ${LEAST_ROUNDS} on each side, as ${commandText('bench', `--rounds ${LEAST_ROUNDS}`)} does.`,
  ];
}

/** The rounds that verdicts would take, where sides ran in turn: an interval of separate runs has two numbers of rounds. */
function outlookLines({ rows, decidedBy, margin }: Comparison): string[] {
  const open = rows.flatMap((row) => {
    const undecided = { change: changeOf(row), rounds: row.rounds.after, margin };
    const needed = row.verdict === 'inconclusive' ? roundsForVerdict(undecided) : null;
    return needed === null ? [] : [{ name: nameOf(row), needed }];
  });
  if (decidedBy !== 'time' || open.length === 0) return [];
  const texts = open
    .toSorted((one, other) => one.needed - other.needed)
    .slice(0, MOST_NAMES)
    .map(({ name, needed }) => `${needed > MOST_ROUNDS ? `over ${MOST_ROUNDS}` : needed} for ${name}`);
  const more = open.length > MOST_NAMES ? `; ${open.length - MOST_NAMES} more rows` : '';
  return [`Undecided; a verdict would take about this many rounds: ${texts.join('; ')}${more}.`];
}

function baselineLine(baseline: MovedBaseline): string {
  const { beforeMs, afterMs, timeRatio } = baseline;
  return (
    `The baseline ${nameOf(baseline)} took ${formatTime(beforeMs.value)} before and ${formatTime(afterMs.value)} now ` +
    `(${formatChange(timeRatio)}, ${formatChangeInterval(timeRatio)}), which no speedup shows.`
  );
}

/** A factor as a change: `+35.1 %`. */
export function formatChange({ value }: Estimate): string {
  return `${percentOf(value)} %`;
}

/** The interval of a factor as an interval of changes: `+33.0 to +37.1`. */
export function formatChangeInterval({ low, high }: Estimate): string {
  return low === null || high === null ? 'none' : `${percentOf(low)} to ${percentOf(high)}`;
}

function percentOf(factor: number): string {
  const percent = (factor - 1) * 100;
  // A change of thousands needs no tenths, and its row no more room.
  const text =
    percent < 1e4 ? fixedDigits(percent, Math.abs(percent) < 100 ? 1 : 0) : percent.toExponential(1);
  return Number(text) > 0 ? `+${text}` : text;
}

/** The missing rows of a run; missing experiments are only counted, since each has dozens of rows. */
function lackingLines({ notRun, rows }: Lacking, when: string, elsewhere: string): string[] {
  const counted = notRun.length === 1 ? '1 experiment was' : `${notRun.length} experiments were`;
  return [
    ...(notRun.length === 0 ? [] : [`${counted} not run ${when}: ${notRun.join(', ')}.`]),
    ...(rows.length === 0 ? [] : [`${elsewhere}: ${rows.join('; ')}.`]),
  ];
}
