/** The crawl with two strategies made slower on purpose, for the gate to find. */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { defineExperiment, type Strategy } from '../../../harness/model.ts';
import crawl from '../../crawl.ts';

/** By how much of its own time each variant is slower. */
export const SLOWER: Readonly<Record<string, number>> = { 'semaphore@10': 0.05, 'semaphore@100': 0.1 };

/** A timer comes up to so much too late; the rest is waited turn by turn. */
const TIMER_MS = 2;

export default defineExperiment({
  ...crawl,
  variants: (workload: Parameters<typeof crawl.variants>[0]) =>
    crawl.variants(workload).map((variant) => {
      const share = SLOWER[variant.id];
      return share === undefined ? variant : { ...variant, strategy: slowed(variant.strategy, share) };
    }),
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
