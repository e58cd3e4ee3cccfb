import { markdownTable } from 'markdown-table';
import { max, median, min } from 'simple-statistics';
import { nameOf } from '../../../harness/report/comparison/compared-rows.ts';
import type { BaseTries, BaseTry } from './base-tries.ts';
import { CASES, ENOUGH_TRIES, EXPERIMENT, type GateCase, SLOWED_ROW } from './gate-cases.ts';

const SLOWED = nameOf({ experiment: EXPERIMENT, group: '', variant: SLOWED_ROW });

/** The table of all cases, as Markdown; before each case has tries enough, a sentence that says how many there are. */
export function baseText({ tries }: BaseTries): string {
  const ofCase = CASES.map((one) => ({ one, own: tries.filter((each) => each.case === one.name) }));
  if (ofCase.every(({ own }) => own.length >= ENOUGH_TRIES))
    return markdownTable([HEADS, ...ofCase.map(({ one, own }) => lineOf(one, own))]);
  const counts = ofCase.map(({ one, own }) => `${own.length} of "${one.name}"`).join(', ');
  return `**This study is begun.** It has ${counts}, and needs ${ENOUGH_TRIES} tries of each. Its table will stand here.`;
}

const HEADS = [
  'what',
  'margin',
  'found',
  'found, not confirmed',
  'another row regressed',
  'another row, not confirmed',
  'rounds',
  'rounds, confirming',
  'seconds',
];

function lineOf({ name, share, margin }: GateCase, tries: readonly BaseTry[]): string[] {
  const count = (is: (one: BaseTry) => boolean) => `${tries.filter(is).length} of ${tries.length}`;
  const isOther = (row: string) => share === 0 || row !== SLOWED;
  const refuted = ({ regressed, confirmed }: BaseTry) => regressed.filter((row) => !confirmed.includes(row));
  const again = tries.flatMap(({ roundsAgain }) => roundsAgain ?? []);
  return [
    share === 0 ? name : `${SLOWED_ROW}, ${name}`,
    `${(100 * margin).toFixed(0)} %`,
    share === 0 ? '' : count(({ confirmed }) => confirmed.includes(SLOWED)),
    share === 0 ? '' : count((one) => refuted(one).includes(SLOWED)),
    count(({ confirmed }) => confirmed.some(isOther)),
    count((one) => refuted(one).some(isOther)),
    rangeText(tries.map(({ rounds }) => rounds)),
    again.length === 0 ? '' : rangeText(again),
    rangeText(tries.map(({ seconds }) => seconds)),
  ];
}

/** As in `8 (6 to 20)`: the median, and the range. */
function rangeText(values: readonly number[]): string {
  const [middle, least, most] = [median, min, max].map((of) => Math.round(of([...values])));
  return `${middle} (${least} to ${most})`;
}
