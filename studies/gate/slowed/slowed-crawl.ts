/** The crawl, with additional rows that are slowed on purpose, for the gate to find. */
import crawl from '../../../benchmarks/crawl.ts';
import { defineExperiment } from '../../../harness/model/experiment.ts';
import { slowedStrategy } from './slowed-strategy.ts';

export interface SlowedRow {
  readonly id: string;
  /** The row of the crawl that it is compared with. */
  readonly variant: string;
  /** The slowdown as a share of its time: 0.1 is 10 %. */
  readonly share: number;
}

export const SLOWED_ROWS: readonly SlowedRow[] = [
  { id: 'semaphore@10, 10 % slower', variant: 'semaphore@10', share: 0.1 },
  { id: 'semaphore@10, 5 % slower', variant: 'semaphore@10', share: 0.05 },
  { id: 'semaphore@100, 10 % slower', variant: 'semaphore@100', share: 0.1 },
];

export default defineExperiment({
  ...crawl,
  variants(workload: Parameters<typeof crawl.variants>[0]) {
    const variants = crawl.variants(workload);
    const slower = SLOWED_ROWS.flatMap(({ id, variant, share }) =>
      variants
        .filter((row) => row.id === variant)
        .map((row) => ({
          ...row,
          id,
          headline: false,
          strategy: slowedStrategy(row.strategy, share),
        })),
    );
    return [...variants, ...slower];
  },
});
