import type { Batch, ComputeSpan, Job, RunJob, Strategy } from '../../model/job.ts';

/** The results of a batch. */
export interface BatchOutcome {
  /** In the order of the jobs. */
  readonly results: string[];
  /** The jobs' CPU work, in the order in which it was done. */
  readonly computeSpans: readonly ComputeSpan[];
}

/**
 * Runs a batch with a strategy. When a job fails, the others are cancelled and no further job starts. The error is
 * thrown when no job runs any more.
 *
 * @throws the error of the first failing job
 */
export async function runBatch(
  strategy: Strategy,
  batch: Pick<Batch, 'jobs' | 'cancel'>,
): Promise<BatchOutcome> {
  let failure: { readonly error: Error } | undefined;
  let running = 0;
  let idle = () => {};
  const { compute, spans } = createComputing();

  /** Remembers the first error only: later errors come from the jobs that it cancelled. */
  const fail = (cause: unknown): Error => {
    if (failure === undefined) {
      failure = { error: cause instanceof Error ? cause : new Error(String(cause)) };
      batch.cancel(failure.error);
    }
    return failure.error;
  };
  const leave = () => {
    running -= 1;
    if (running === 0) idle();
  };

  const promised = async <Result>(job: Job<Result>): Promise<Result> => {
    if (failure !== undefined) throw failure.error;
    running += 1;
    try {
      compute(job);
      return await job.send();
    } catch (cause) {
      throw fail(cause);
    } finally {
      leave();
    }
  };
  const run: RunJob = Object.assign(promised, {
    compute: (job: Job) => compute(job, true),
    call<Result>(job: Job<Result>, done: (error: Error | null, result?: Result) => void) {
      if (failure !== undefined) return done(failure.error);
      if (job.call === undefined) return done(fail(new Error('The client of this batch has no callbacks.')));
      running += 1;
      compute(job);
      job.call((error, result) => {
        leave();
        if (error === null) done(null, result);
        else done(fail(error));
      });
    },
  });

  try {
    const results = await strategy(batch.jobs, run);
    // A strategy that swallows an error, or returns before its jobs end, has no result.
    if (failure !== undefined) throw failure.error;
    if (running > 0 || results.length !== batch.jobs.length)
      throw new Error(`The strategy ended with ${running} jobs running and ${results.length} results.`);
    return { results, computeSpans: spans };
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

/** Does the CPU work of each job once and records the times. */
function createComputing() {
  const spans: ComputeSpan[] = [];
  const ahead = new Set<number>();
  return {
    spans,
    compute(job: Job, early = false) {
      if (job.compute === undefined || ahead.has(job.id)) return;
      if (early) ahead.add(job.id);
      const fromMs = performance.now();
      job.compute();
      spans.push({ job: job.id, fromMs, toMs: performance.now() });
    },
  };
}
