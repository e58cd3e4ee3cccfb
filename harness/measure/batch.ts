import type { Batch, RunJob, Strategy } from '../model.ts';

/**
 * Runs a batch by a strategy. When a job fails, the others are cancelled, no further one starts, and the
 * error comes out once nothing is running any more.
 *
 * @returns the results in the order of the jobs
 * @throws what the first failing job threw
 */
export async function runBatch(strategy: Strategy, batch: Pick<Batch, 'jobs' | 'cancel'>): Promise<string[]> {
  let failure: { readonly error: Error } | undefined;
  let running = 0;
  let idle = () => {};

  /** Remembers the first error only: those that follow are of jobs it cancelled. */
  const fail = (cause: unknown): Error => {
    if (failure === undefined) {
      failure = { error: cause instanceof Error ? cause : new Error(String(cause)) };
      batch.cancel(failure.error);
    }
    return failure.error;
  };

  const run: RunJob = async (job) => {
    if (failure !== undefined) throw failure.error;
    running += 1;
    try {
      job.compute?.();
      return await job.send();
    } catch (cause) {
      throw fail(cause);
    } finally {
      running -= 1;
      if (running === 0) idle();
    }
  };

  try {
    const results = await strategy(batch.jobs, run);
    // A strategy that swallows an error, or leaves before its jobs do, has no result.
    if (failure !== undefined) throw failure.error;
    if (running > 0 || results.length !== batch.jobs.length)
      throw new Error(`The strategy ended with ${running} jobs running and ${results.length} results.`);
    return results;
  } catch (cause) {
    const error = fail(cause);
    if (running > 0) {
      await new Promise<void>((resolve) => {
        idle = resolve;
      });
    }
    throw error;
  }
}
