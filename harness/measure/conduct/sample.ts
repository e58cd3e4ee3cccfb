import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { installText, missingPackage } from '../../installation.ts';
import { type Batch, type ComputeSpan, loadStrategy, type Strategy } from '../../model/job.ts';
import type { Evidence, SampleTarget, Witness } from '../../model/target.ts';
import type { OwnVariant } from '../plan/catalog.ts';
import type { OpenTarget } from '../process/target.ts';
import { type BatchOutcome, runBatch } from './batch.ts';
import { collectEvidence } from './evidence.ts';

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

/** A row failed for the rest of the run; the message says why. Other rows go on. */
export class RowFailed extends Error {}

/** The time limit of a sample's set-up; it must be shorter than the limit for a silent measured process. */
const SET_UP_LIMIT_MS = 50_000;

/** A sample of one of our strategies, in this process. A set-up that fails is an outcome, not an error here. */
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
      collectGarbage();
      // Meanwhile V8's threads sweep, which would take a core from the beginning of the sample.
      await witness?.forget();
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
      // tinybench also calls this after a failure, which it then throws.
      if (batchOutcome === undefined) return batch?.close();
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

/** The reason in an error, without stack and full stop. */
function reasonOf(cause: unknown): string {
  const missing = missingPackage(cause);
  if (missing !== undefined)
    return `it needs ${missing}, which is not installed: run ${installText(missing)}`;
  const { message, code } =
    cause instanceof Error ? (cause as NodeJS.ErrnoException) : { message: String(cause) };
  // If every address refuses the connection, Node leaves the message empty.
  return (message || code || 'without a reason').split('\n')[0]!.replace(/\.$/, '');
}

/** Requests of a failed row may still be in flight; they must not count for the next sample. */
export async function untilIdle(witness: Witness): Promise<void> {
  for (let look = 0; look < 100 && (await witness.inFlight()) > 0; look++) await wait(10);
}

/** The ids of a number of jobs. */
export function allJobs(jobs: number): number[] {
  return Array.from({ length: jobs }, (_, job) => job);
}

/** Puts the sample's name before the message of an error. */
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
