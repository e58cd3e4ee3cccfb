import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { crc32 } from 'node:zlib';
import { Bench } from 'tinybench';
import type { Batch, ComputeSpan } from '../model.ts';
import type { RecordedTrace } from '../record.ts';
import { ioBoundMs } from '../statistics/bound.ts';
import { type BatchOutcome, runBatch } from './batch.ts';
import type { CompleteVariant, RoundEntry } from './catalog.ts';
import { findFailure, holdsOf } from './checks.ts';
import type { FromMeasured, ToMeasured } from './messages.ts';
import type { KnownTarget, TargetStats, TargetTrace } from './target.ts';

/** Runs rounds of one experiment in this process. */
export interface RoundRunner {
  /**
   * Runs one round and says each sample as soon as it is there.
   *
   * @throws what a job threw, or the target, with the variant's name before it
   */
  run(round: Extract<ToMeasured, { type: 'round' }>): Promise<void>;
}

/** What a sample's hooks leave for its report. */
interface Observed {
  readonly run: string;
  readonly cpuMs: number;
  readonly eventLoopUtilization: number;
  readonly results: readonly string[];
  readonly computeSpans: readonly ComputeSpan[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly stats: TargetStats;
  readonly trace: TargetTrace;
}

/**
 * Prepares to run rounds.
 *
 * @param experimentId stands first in the name of each sample
 * @param targets by their names
 * @param say takes what the conductor wants to hear
 */
export function createRoundRunner(
  experimentId: string,
  variants: readonly CompleteVariant[],
  targets: ReadonlyMap<string, KnownTarget>,
  say: (message: FromMeasured) => void,
): RoundRunner {
  const collectGarbage = garbageCollector();
  const checksumOfGroup = new Map<string, string>();

  /** What the record keeps of a sample besides its place: figures, and what is wrong with them. */
  const judge = (variant: CompleteVariant, wallMs: number, observed: Observed) => {
    const { run, cpuMs, eventLoopUtilization, results, metrics, stats, trace } = observed;
    const holds = holdsOf(trace);
    const { limit, bound = ioBoundMs } = variant;
    const computeMs = observed.computeSpans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
    const boundMs = bound({ holds, requests: stats.requests, limit, computeMs });
    const served = variant.served?.(results) ?? [...results.keys()];
    const checksum = checksumOf(results);
    const same = variant.sameResults ?? true;
    const expectedChecksum = same ? checksumOfGroup.get(variant.group) : undefined;
    if (same) checksumOfGroup.set(variant.group, expectedChecksum ?? checksum);
    return {
      cpuMs,
      eventLoopUtilization,
      computeMs,
      metrics,
      boundMs,
      checksum,
      hold: holds,
      target: {
        requests: stats.requests,
        peakInFlight: stats.peakInFlight,
        connectionsUsed: stats.connections.used,
        connectionsOpened: stats.connections.opened,
      },
      failure: findFailure({
        variant,
        served,
        run,
        wallMs,
        boundMs,
        checksum,
        expectedChecksum,
        stats,
        trace,
      }),
    };
  };

  return {
    async run({ round, warmUp, entries, traced }) {
      // One call of a task is one whole batch. tinybench's own defaults are minimums (64 calls and 1 s).
      const bench = new Bench({
        time: 0,
        iterations: 1,
        warmup: false,
        throws: true,
        retainSamples: true,
        timestampProvider: 'hrtimeNow',
        concurrency: null,
      });
      for (const [position, entry] of entries.entries()) {
        const variant = variants[entry.variant]!;
        const run = sampleName(experimentId, variant, entry, `${warmUp ? 'warm-up-' : ''}${round}`);
        const sample = createSample(variant, run, targets.get(variant.target)!, collectGarbage);
        bench.add(run, sample.measure, {
          async: true,
          beforeEach: async () => {
            say({ type: 'started', entry });
            await sample.prepare();
          },
          afterEach: sample.observe,
        });
        bench.getTask(run)?.addEventListener('cycle', ({ task }) => {
          if (task.result.state !== 'completed') return;
          const wallMs = task.result.latency.samples?.[0] ?? Number.NaN;
          const observed = sample.observed();
          say({
            type: 'sample',
            sample: { round, warmUp, position, ...entry, wallMs, ...judge(variant, wallMs, observed) },
            trace: traced && !entry.twin ? traceOf(entry.variant, observed) : null,
          });
        });
      }
      await bench.run();
    },
  };
}

/** One run of one variant: everything but the batch itself happens outside the clock. */
function createSample(
  variant: CompleteVariant,
  run: string,
  { address, witness }: KnownTarget,
  collectGarbage: () => void,
) {
  let batch: Batch | undefined;
  let outcome: BatchOutcome | undefined;
  let cpuBefore: NodeJS.CpuUsage;
  let loopBefore: ReturnType<typeof performance.eventLoopUtilization>;
  let observed: Observed | undefined;

  return {
    async prepare() {
      batch = await named(run, variant.open({ ...address, run }));
      await witness.forget();
      collectGarbage();
      cpuBefore = process.cpuUsage();
      loopBefore = performance.eventLoopUtilization();
    },
    async measure() {
      if (batch === undefined) throw new Error(`${run} was not prepared.`);
      outcome = await named(run, runBatch(variant.strategy, batch));
    },
    async observe() {
      // tinybench calls this after a failure, too; that is then what it throws.
      if (outcome === undefined) return batch?.close();
      const { results, computeSpans } = outcome;
      const { user, system } = process.cpuUsage(cpuBefore);
      const { utilization } = performance.eventLoopUtilization(loopBefore);
      const [stats, trace] = [await witness.stats(), await witness.trace()];
      const metrics = batch?.metrics?.(results) ?? {};
      const furtherSpans = batch?.computeSpans?.() ?? [];
      await batch?.close();
      observed = {
        run,
        cpuMs: (user + system) / 1000,
        eventLoopUtilization: utilization,
        results,
        computeSpans: [...computeSpans, ...furtherSpans],
        metrics,
        stats,
        trace,
      };
      outcome = undefined;
    },
    observed(): Observed {
      if (observed === undefined) throw new Error(`${run} was not observed.`);
      return observed;
    },
  };
}

/** As in `crawl/semaphore@100/3`; the group stands before the variant where there is one. */
function sampleName(
  experimentId: string,
  variant: CompleteVariant,
  entry: RoundEntry,
  round: string,
): string {
  const parts = [experimentId, variant.group, variant.id, round, entry.twin ? 'twin' : ''];
  return parts.filter((part) => part !== '').join('/');
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

/** By job, in ms since the first thing that happened, to a hundredth: finer than that no picture shows. */
function traceOf(variant: number, { trace, computeSpans }: Observed): RecordedTrace {
  const ourClockMs = trace.timeOriginMs - performance.timeOrigin;
  const requests = trace.requests.map(({ job, arrivedMs, releasedMs }) => ({
    job: job ?? 0,
    arrivedMs: arrivedMs + ourClockMs,
    releasedMs: (releasedMs ?? arrivedMs) + ourClockMs,
  }));
  const startMs = Math.min(requests[0]?.arrivedMs ?? Infinity, computeSpans[0]?.fromMs ?? Infinity);
  const sinceStart = (timeMs: number) => Math.max(0, Math.round((timeMs - startMs) * 100) / 100);
  requests.sort((one, other) => one.job - other.job);
  return {
    variant,
    arrivedMs: requests.map(({ arrivedMs }) => sinceStart(arrivedMs)),
    releasedMs: requests.map(({ releasedMs }) => sinceStart(releasedMs)),
    compute: {
      job: computeSpans.map(({ job }) => job),
      fromMs: computeSpans.map(({ fromMs }) => sinceStart(fromMs)),
      toMs: computeSpans.map(({ toMs }) => sinceStart(toMs)),
    },
  };
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
