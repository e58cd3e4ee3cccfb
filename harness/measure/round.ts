import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { crc32 } from 'node:zlib';
import { Bench } from 'tinybench';
import type { Batch } from '../model.ts';
import type { RecordedTrace } from '../record.ts';
import { runBatch } from './batch.ts';
import type { CompleteVariant } from './catalog.ts';
import { boundMsOf, findFailure, holdsOf } from './checks.ts';
import type { FromMeasured, RoundEntry, ToMeasured } from './messages.ts';
import type { TargetStats, TargetTrace, Witness } from './target.ts';

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
  readonly checksum: string;
  readonly stats: TargetStats;
  readonly trace: TargetTrace;
}

/**
 * Prepares to run rounds.
 *
 * @param experimentId stands first in the name of each sample
 * @param say takes what the conductor wants to hear
 */
export function createRoundRunner(
  experimentId: string,
  variants: readonly CompleteVariant[],
  origin: string,
  witness: Witness,
  say: (message: FromMeasured) => void,
): RoundRunner {
  const collectGarbage = garbageCollector();
  const checksumOfGroup = new Map<string, string>();

  /** What the record keeps of a sample besides its place: figures, and what is wrong with them. */
  const judge = (variant: CompleteVariant, wallMs: number, observed: Observed) => {
    const { cpuMs, eventLoopUtilization, checksum, stats, trace } = observed;
    const hold = holdsOf(trace);
    const boundMs = boundMsOf(variant, hold);
    const expectedChecksum = checksumOfGroup.get(variant.group);
    checksumOfGroup.set(variant.group, expectedChecksum ?? checksum);
    return {
      cpuMs,
      eventLoopUtilization,
      boundMs,
      checksum,
      hold,
      target: {
        requests: stats.requests,
        peakInFlight: stats.peakInFlight,
        connectionsUsed: stats.connections.used,
        connectionsOpened: stats.connections.opened,
      },
      failure: findFailure({ variant, wallMs, boundMs, expectedChecksum, ...observed }),
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
        const sample = createSample(variant, run, origin, witness, collectGarbage);
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
            trace: traced && !entry.twin ? traceOf(entry.variant, observed.trace) : null,
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
  origin: string,
  witness: Witness,
  collectGarbage: () => void,
) {
  let batch: Batch | undefined;
  let results: string[] | undefined;
  let cpuBefore: NodeJS.CpuUsage;
  let loopBefore: ReturnType<typeof performance.eventLoopUtilization>;
  let observed: Observed | undefined;

  return {
    async prepare() {
      batch = await named(run, variant.open({ origin, run }));
      await witness.forget();
      collectGarbage();
      cpuBefore = process.cpuUsage();
      loopBefore = performance.eventLoopUtilization();
    },
    async measure() {
      if (batch === undefined) throw new Error(`${run} was not prepared.`);
      results = await named(run, runBatch(variant.strategy, batch));
    },
    async observe() {
      // tinybench calls this after a failure, too; that is then what it throws.
      if (results === undefined) return batch?.close();
      const { user, system } = process.cpuUsage(cpuBefore);
      const { utilization } = performance.eventLoopUtilization(loopBefore);
      const [stats, trace] = [await witness.stats(), await witness.trace()];
      await batch?.close();
      observed = {
        run,
        cpuMs: (user + system) / 1000,
        eventLoopUtilization: utilization,
        checksum: checksumOf(results),
        stats,
        trace,
      };
      results = undefined;
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

/** By job, in ms since the first arrival, to a hundredth: finer than that no picture shows. */
function traceOf(variant: number, { requests }: TargetTrace): RecordedTrace {
  const startMs = requests[0]?.arrivedMs ?? 0;
  const sinceStart = (timeMs: number) => Math.max(0, Math.round((timeMs - startMs) * 100) / 100);
  const byJob = [...requests].sort((one, other) => (one.job ?? 0) - (other.job ?? 0));
  return {
    variant,
    arrivedMs: byJob.map((request) => sinceStart(request.arrivedMs)),
    releasedMs: byJob.map((request) => sinceStart(request.releasedMs ?? request.arrivedMs)),
  };
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc');
}
