import { crc32 } from 'node:zlib';
import { type Batch, type ComputeSpan, loadStrategy, type Strategy } from '../../model/job.ts';
import type { Evidence, SampleTarget } from '../../model/target.ts';
import type { OwnVariant } from '../plan/variants.ts';
import type { OpenTarget } from '../process/target.ts';
import { type BatchOutcome, runBatch } from './batch.ts';
import { collectEvidence } from './evidence.ts';
import { failedIn, giveUp, type RowFailed, setUpFailed, untilIdle, withinLimit } from './row-failure.ts';
import { sampleLimitMs } from './time-limits.ts';

/** The results of a sample. */
export interface SampleOutcome {
  readonly cpuMs: number;
  readonly eventLoopUtilization: number;
  readonly checksum: string;
  /** The ids of the jobs that the target must have served. */
  readonly served: readonly number[];
  readonly computeMs: number;
  readonly computeSpans: readonly ComputeSpan[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly evidence: Evidence;
}

/** One run of one variant, as hooks of tinybench: only `measure` is on the clock. */
export interface RunningSample {
  prepare(): Promise<void>;
  /** Peers report the duration by their own clock. */
  measure(): Promise<{ overriddenDuration: number } | undefined>;
  finish(): Promise<void>;
  /** The results, or why the row failed; call it after `finish`. */
  outcome(): SampleOutcome | RowFailed;
}

/** The time limit of a sample's set-up; it must be shorter than the limit for a silent measured process. */
const SET_UP_LIMIT_MS = 50_000;

/** What all samples of an experiment share. */
export interface SampleSurroundings {
  /** Where its variants are declared, as in `benchmarks/crawl.ts`. */
  readonly declaredIn: string;
  collectGarbage(): void;
}

/**
 * A sample of one of our strategies, in this process. A set-up that fails, a job that fails and a batch that does not end
 * are outcomes, not errors here.
 */
export function createSample(
  variant: OwnVariant,
  run: string,
  { address, witness }: OpenTarget,
  { declaredIn, collectGarbage }: SampleSurroundings,
): RunningSample {
  let strategy: Strategy | undefined;
  let batch: Batch | undefined;
  let batchOutcome: BatchOutcome | undefined;
  let cpuBefore: NodeJS.CpuUsage;
  let loopBefore: ReturnType<typeof performance.eventLoopUtilization>;
  let outcome: SampleOutcome | undefined;
  let failure: RowFailed | undefined;

  return {
    async prepare() {
      try {
        ({ strategy, batch } = await setUp(variant, { ...address, run }));
      } catch (cause) {
        failure = setUpFailed(cause);
        if (witness !== null) await untilIdle(witness);
      }
      collectGarbage();
      // Meanwhile V8's threads sweep, which would take a core from the beginning of the sample.
      await witness?.forget();
      cpuBefore = process.cpuUsage();
      loopBefore = performance.eventLoopUtilization();
    },
    async measure() {
      if (failure !== undefined) return undefined;
      if (strategy === undefined || batch === undefined) throw new Error(`${run} was not prepared.`);
      try {
        batchOutcome = await withinLimit(runBatch(strategy, batch), sampleLimitMs(variant));
      } catch (cause) {
        failure = failedIn(declaredIn, cause);
      }
      return undefined;
    },
    async finish() {
      if (batchOutcome === undefined) {
        if (batch !== undefined) failure = await giveUp(batch, failure!, witness);
        return;
      }
      const { results } = batchOutcome;
      const { user, system } = process.cpuUsage(cpuBefore);
      const { utilization } = performance.eventLoopUtilization(loopBefore);
      const evidence = await collectEvidence(run, witness, batch);
      const metrics = batch?.metrics?.(results, evidence) ?? {};
      const computeSpans = [...batchOutcome.computeSpans, ...(batch?.computeSpans?.() ?? [])];
      await batch?.close();
      outcome = {
        cpuMs: (user + system) / 1000,
        eventLoopUtilization: utilization,
        checksum: checksumOf(results),
        served: variant.served?.(results) ?? allJobs(variant.jobs),
        computeMs: computeSpans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
        computeSpans,
        metrics,
        evidence,
      };
      batchOutcome = undefined;
    },
    outcome() {
      const result = failure ?? outcome;
      if (result === undefined) throw new Error(`${run} was not finished.`);
      return result;
    },
  };
}

/** Loads the strategy and opens a batch. @throws its error, or after the time limit; a batch that opens later is closed again */
async function setUp(
  variant: OwnVariant,
  target: SampleTarget,
): Promise<{ readonly strategy: Strategy; readonly batch: Batch }> {
  const opening = (async () => {
    const strategy = await loadStrategy(variant.strategy);
    return { strategy, batch: await variant.open(target) };
  })();
  const tooLong = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    tooLong.reject(new Error(`it took longer than ${SET_UP_LIMIT_MS / 1000} s`));
    opening.then(({ batch }) => batch.close()).catch(() => {});
  }, SET_UP_LIMIT_MS);
  try {
    return await Promise.race([opening, tooLong.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The ids of a number of jobs. */
export function allJobs(jobs: number): number[] {
  return Array.from({ length: jobs }, (_, job) => job);
}

function checksumOf(results: readonly string[]): string {
  let checksum = 0;
  for (const result of results) checksum = crc32(result, checksum);
  return checksum.toString(16).padStart(8, '0');
}
