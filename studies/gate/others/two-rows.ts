/** Two rows of the crawl, as they are and slowed on purpose: the samples on which gates are compared. */
import crawl from '../../../benchmarks/crawl.ts';
import { defineExperiment, type Workload } from '../../../harness/model/experiment.ts';
import { slowedStrategy } from '../slowed/slowed-strategy.ts';

/** Whatever the profiles of the crawl are, so that kept samples stay comparable. */
export const WORK = { requests: 105, delayMs: 25 } as const;

/** A row that takes about 300 ms, and one of about 57 ms. */
export const ROWS = ['semaphore@10', 'semaphore@100'] as const;

/** The samples of a row in one process, as the quick profile repeats short rows. Most gates read the first alone. */
export const REPEATS: Readonly<Record<string, number>> = { 'semaphore@10': 1, 'semaphore@100': 4 };

/** The slowdowns to find, as shares of a row's time. */
export const SHARES = [0.03, 0.05, 0.1, 0.2] as const;

/** The name of a row that is slowed by a share of its time. */
export function slowedName(row: string, share: number): string {
  return `${row}, ${Math.round(share * 100)} % slower`;
}

/** More than any run has. A row without such a number would run twice a round, as a control. */
const ALL_ROUNDS = 1000;

interface TwoRowsWorkload extends Workload {
  readonly requests: number;
  readonly delayMs: number;
  /** The slowdowns of additional rows; none in runs, whose samples are those of several rounds. */
  readonly shares: readonly number[];
}

const AS_IT_IS: TwoRowsWorkload = { ...WORK, rounds: 1, warmUpRounds: 1, shares: [] };

export default defineExperiment<TwoRowsWorkload>({
  title: 'Two rows',
  question: 'What do gates say of two rows of the crawl?',
  profiles: {
    'as-it-is': AS_IT_IS,
    slowed: { ...AS_IT_IS, shares: SHARES, repeats: repeatsOfAll() },
  },
  variants({ shares, ...workload }) {
    const names: readonly string[] = ROWS;
    return crawl
      .variants(workload)
      .filter(({ id }) => names.includes(id))
      .flatMap(({ headline, control, ...row }, index) => [
        { ...row, baseline: index === 0, warmsUp: true, rounds: ALL_ROUNDS },
        ...shares.map((share) => ({
          ...row,
          id: slowedName(row.id, share),
          warmsUp: false,
          strategy: slowedStrategy(row.strategy, share),
        })),
      ]);
  },
  charts: [],
});

function repeatsOfAll(): Record<string, number> {
  const entries = ROWS.flatMap((row) =>
    [row, ...SHARES.map((share) => slowedName(row, share))].map((name) => [name, REPEATS[row]!] as const),
  );
  return Object.fromEntries(entries);
}
