import type { LazyStrategy } from '../../harness/model/job.ts';

/**
 * At most `limit` jobs at once by p-limit; a new one starts whenever one ends.
 *
 * @param limit how many jobs may run at once, a whole number from 1
 */
export function semaphore(limit: number): LazyStrategy {
  return {
    async load() {
      const { default: byPLimit } = await import('./limiters/p-limit.ts');
      return byPLimit(limit);
    },
  };
}
