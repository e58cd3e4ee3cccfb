/** A strategy that takes longer on purpose: the delay is really waited. */
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Variant } from '../../../harness/model/experiment.ts';
import { loadStrategy, type Strategy } from '../../../harness/model/job.ts';

/** A timer may fire this much too late, so the last part of the wait takes turns of the loop. */
const TIMER_MS = 2;

/**
 * The same strategy, slowed by a share of the time that each of its runs takes.
 *
 * @param share 0.1 makes it 10 % slower
 */
export function slowedStrategy(strategy: Variant['strategy'], share: number): Variant['strategy'] {
  return { load: async () => slowed(await loadStrategy(strategy), share) };
}

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
