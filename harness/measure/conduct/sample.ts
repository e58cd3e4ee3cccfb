import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { type Batch, type ComputeSpan, loadStrategy, type Strategy } from '../../model/job.ts';
import type { Evidence, SampleTarget, Witness } from '../../model/target.ts';
import { missingPackage, type OwnVariant } from '../plan/catalog.ts';
import type { OpenTarget } from '../process/target.ts';
import { type BatchOutcome, runBatch } from './batch.ts';
import { collectEvidence } from './evidence.ts';

/** What a sample leaves for its report. */
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
  /** Peers say how long it took by a clock of their own. */
  measure(): Promise<{ overriddenDuration: number } | undefined>;
  finish(): Promise<void>;
  /** What it came to, or why its row has nothing to show; to be asked after `finish`. */
  outcome(): SampleOutcome | RowFailed;
}

/** A row that has no sample, and will have none; the message says why. Other rows need not care. */
export class RowFailed extends Error {}

/** How long setting a sample up may take; it is less than a measured process may say nothing. */
const SET_UP_LIMIT_MS = 50_000;

/** A sample that a strategy of ours makes, in this process. A set-up that fails is an outcome, and no error here. */
export function createSample(
  variant: OwnVariant,
  run: string,
  { address, witness }: OpenTarget,
  collectGarbage: () => void,
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
        failure = new RowFailed(`it could not be set up (${reasonOf(cause)})`, { cause });
        if (witness !== null) await untilIdle(witness);
      }
      await witness?.forget();
      collectGarbage();
      cpuBefore = process.cpuUsage();
      loopBefore = performance.eventLoopUtilization();
    },
    async measure() {
      if (failure !== undefined) return undefined;
      if (strategy === undefined || batch === undefined) throw new Error(`${run} was not prepared.`);
      batchOutcome = await named(run, runBatch(strategy, batch));
      return undefined;
    },
    async finish() {
      // tinybench calls this after a failure, too; that is then what it throws.
      if (batchOutcome === undefined) return batch?.close();
      const { results } = batchOutcome;
      const { user, system } = process.cpuUsage(cpuBefore);
      const { utilization } = performance.eventLoopUtilization(loopBefore);
      const evidence = await collectEvidence(run, witness, batch);
      const metrics = batch?.metrics?.(results) ?? {};
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

/** Loads the strategy and opens a batch. @throws what it throws, or where it takes too long; what it opens after that is closed again */
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

/** Why something failed, without the stack and the full stop that an error may carry. */
function reasonOf(cause: unknown): string {
  const missing = missingPackage(cause);
  if (missing !== undefined) return `it needs ${missing}, which is not installed: run npm ci --include=dev`;
  const { message, code } =
    cause instanceof Error ? (cause as NodeJS.ErrnoException) : { message: String(cause) };
  // Where every address refuses, Node leaves the message empty.
  return (message || code || 'without a reason').split('\n')[0]!.replace(/\.$/, '');
}

/** What a row had under way when it failed is not to be counted for the next sample. */
export async function untilIdle(witness: Witness): Promise<void> {
  for (let look = 0; look < 100 && (await witness.inFlight()) > 0; look++) await wait(10);
}

/** The ids of so many jobs. */
export function allJobs(jobs: number): number[] {
  return Array.from({ length: jobs }, (_, job) => job);
}

/** Puts the sample's name before the message of what it throws. */
async function named<Result>(run: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw new Error(`${run}: ${(cause as Error).message}`, { cause });
  }
}

function checksumOf(results: readonly string[]): string {
  let checksum = 0;
  for (const result of results) checksum = crc32(result, checksum);
  return checksum.toString(16).padStart(8, '0');
}
