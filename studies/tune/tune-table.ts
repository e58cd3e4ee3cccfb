import { markdownTable } from 'markdown-table';
import { max, median, min } from 'simple-statistics';
import type { SweepTry } from './sweep-by-hand.ts';
import { CASES, SWEPT, type TuneCase } from './tune-cases.ts';
import type { TuneTries } from './tune-tries.ts';

/** How many tries and sweeps of a case are wanted. */
export const WANTED = { tries: 20, sweeps: 5 } as const;

/** The tables of the study as Markdown, with as many tries as there are; a sentence says which are still missing. */
export function tuneText({ tries, sweeps }: TuneTries): string {
  const begun = CASES.filter(({ name }) => tries.some((one) => one.case === name));
  const short = CASES.filter(({ name }) => tries.filter((one) => one.case === name).length < WANTED.tries);
  const parts = [
    short.length === 0
      ? ''
      : `**This study is begun.** It needs ${WANTED.tries} tries of each case; ${short.length} of ${CASES.length} cases have fewer.`,
    begun.length === 0 ? '' : markdownTable([TRY_HEADS, ...begun.map((one) => lineOf(one, tries))]),
    sweeps.length === 0
      ? ''
      : `A sweep by hand takes 1, 2, 5, 10, 20, 50 and 100 at once, 10 s each, and the best:`,
    sweeps.length === 0 ? '' : markdownTable([SWEEP_HEADS, ...sweepLines(sweeps)]),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const TRY_HEADS = ['case', 'right is', 'right', 'goal', 'answers', 'requests', 'seconds'];

function lineOf(one: TuneCase, all: TuneTries['tries']): string[] {
  const own = all.filter((each) => each.case === one.name);
  const answers = own.flatMap(({ answer }) => (answer === null ? [] : [answer]));
  return [
    one.name,
    one.right,
    `${own.filter((each) => one.isRight(each)).length} of ${own.length}`,
    `${one.goal} of ${WANTED.tries}`,
    ...[
      answers.map(({ limit }) => limit),
      answers.map(({ requests }) => requests),
      answers.map(({ seconds }) => seconds),
    ].map(rangeText),
  ];
}

const SWEEP_HEADS = ['case', 'right', 'answers', 'requests', 'refused', 'seconds'];

function sweepLines(sweeps: readonly SweepTry[]): string[][] {
  return SWEPT.flatMap((name) => {
    const own = sweeps.filter((each) => each.case === name);
    if (own.length === 0) return [];
    const isRight = ({ limit }: SweepTry) => isSweepRight(name, limit);
    return [
      [
        name,
        `${own.filter(isRight).length} of ${own.length}`,
        ...(['limit', 'requests', 'refused', 'seconds'] as const).map((of) =>
          rangeText(own.map((each) => each[of])),
        ),
      ],
    ];
  });
}

/** Whether a limit is right: a sweep has no interval, so that the point alone counts. */
export function isSweepRight(name: string, limit: number): boolean {
  const { options } = CASES.find((one) => one.name === name)!;
  if (options.queue !== undefined) return limit <= Number(options.capacity) + Number(options.queue);
  return Math.abs(limit / Number(options.capacity) - 1) <= 0.25;
}

/** As in `8 (6 to 20)`: the median, and the range; a dash without values. */
function rangeText(values: readonly number[]): string {
  if (values.length === 0) return '-';
  const [middle, least, most] = [median, min, max].map((of) => Math.round(of([...values])));
  return least === most ? String(middle) : `${middle} (${least} to ${most})`;
}
