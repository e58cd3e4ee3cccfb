/** The crawl, with additional rows that are slowed on purpose, for the gate to find. */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import crawl from '../../../benchmarks/crawl.ts';
import { defineExperiment } from '../../../harness/model/experiment.ts';
import { loadStrategy, type Strategy } from '../../../harness/model/job.ts';

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

/** A timer may fire this much too late, so the last part of the wait takes turns of the loop. */
const TIMER_MS = 2;

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
          strategy: { load: async () => slowed(await loadStrategy(row.strategy), share) },
        })),
    );
    return [...variants, ...slower];
  },
});

function slowed(strategy: Strategy, share: number): Strategy {
  return async (jobs, run) => {
    const startMs = performance.now();
    const results = await strategy(jobs, run);
    const nowMs = performance.now();
    const endMs = nowMs + (nowMs - startMs) * share;
    if (endMs - nowMs > TIMER_MS) await wait(endMs - nowMs - TIMER_MS);
    while (performance.now() < endMs) await turn();
    return results;
  };
}
