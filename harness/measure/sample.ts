import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Batch, ComputeSpan } from '../model.ts';
import { type BatchOutcome, runBatch } from './batch.ts';
import type { OwnVariant, PeerRow } from './catalog.ts';
import { PeerFailed, type PeerProcess, startPeer } from './peers.ts';
import { type KnownTarget, sightOf, type TargetStats, type TargetTrace, type Witness } from './target.ts';

/** What a sample leaves for its report. */
export interface Observed {
  readonly cpuMs: number;
  readonly eventLoopUtilization: number;
  readonly checksum: string;
  /** The ids of the jobs that the target must have served. */
  readonly served: readonly number[];
  readonly computeMs: number;
  readonly computeSpans: readonly ComputeSpan[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly stats: TargetStats;
  readonly trace: TargetTrace;
}

/** One run of one variant, as hooks of tinybench: only `measure` is on the clock. */
export interface RunningSample {
  prepare(): Promise<void>;
  /** Peers say how long it took by a clock of their own. */
  measure(): Promise<{ overriddenDuration: number } | undefined>;
  observe(): Promise<void>;
  /** What was seen, or why a peer has nothing to show; to be asked after `observe`. */
  outcome(): Observed | PeerFailed;
}

/** A sample that a strategy of ours makes, in this process. */
export function createSample(
  variant: OwnVariant,
  run: string,
  { address, witness }: KnownTarget,
  collectGarbage: () => void,
): RunningSample {
  let batch: Batch | undefined;
  let outcome: BatchOutcome | undefined;
  let cpuBefore: NodeJS.CpuUsage;
  let loopBefore: ReturnType<typeof performance.eventLoopUtilization>;
  let observed: Observed | undefined;

  return {
    async prepare() {
      batch = await named(run, variant.open({ ...address, run }));
      await witness?.forget();
      collectGarbage();
      cpuBefore = process.cpuUsage();
      loopBefore = performance.eventLoopUtilization();
    },
    async measure() {
      if (batch === undefined) throw new Error(`${run} was not prepared.`);
      outcome = await named(run, runBatch(variant.strategy, batch));
      return undefined;
    },
    async observe() {
      // tinybench calls this after a failure, too; that is then what it throws.
      if (outcome === undefined) return batch?.close();
      const { results } = outcome;
      const { user, system } = process.cpuUsage(cpuBefore);
      const { utilization } = performance.eventLoopUtilization(loopBefore);
      const { stats, trace } = await seenBy(witness, batch, run);
      const metrics = batch?.metrics?.(results) ?? {};
      const computeSpans = [...outcome.computeSpans, ...(batch?.computeSpans?.() ?? [])];
      await batch?.close();
      observed = {
        cpuMs: (user + system) / 1000,
        eventLoopUtilization: utilization,
        checksum: checksumOf(results),
        served: variant.served?.(results) ?? allJobs(variant.jobs),
        computeMs: computeSpans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
        computeSpans,
        metrics,
        stats,
        trace,
      };
      outcome = undefined;
    },
    outcome() {
      if (observed === undefined) throw new Error(`${run} was not observed.`);
      return observed;
    },
  };
}

/** A sample may take a peer this many times its estimate, and never less than the floor, before it counts as hung. */
const PATIENCE_FACTOR = 10;
const PATIENCE_FLOOR_MS = 30_000;

/** The peers that run in this session, each started when it is first needed. */
export interface PeerPool {
  get(peer: PeerRow['peer']): Promise<PeerProcess>;
  /** Ends one that went wrong; the next one is new. */
  drop(peer: PeerRow['peer']): void;
}

/** No peer runs yet. */
export function createPeerPool(): PeerPool {
  const running = new Map<string, PeerProcess>();
  return {
    async get(peer) {
      const process = running.get(peer.id) ?? (await startPeer(peer));
      running.set(peer.id, process);
      return process;
    },
    drop({ id }) {
      running.get(id)?.kill();
      running.delete(id);
    },
  };
}

/** A sample that a peer makes, in a process of its own. What goes wrong there is an outcome, and no error here. */
export function createPeerSample(
  variant: PeerRow,
  run: string,
  { address, witness }: KnownTarget,
  pool: PeerPool,
): RunningSample {
  const { peer, order, jobs, limit } = variant;
  let observed: Observed | undefined;
  let answer: Awaited<ReturnType<PeerProcess['run']>> | undefined;
  let failure: PeerFailed | undefined;
  /** Does one step, unless an earlier one failed. */
  const step = async (work: (process: PeerProcess) => Promise<void>) => {
    if (failure !== undefined) return;
    try {
      await work(await pool.get(peer));
    } catch (error) {
      if (!(error instanceof PeerFailed)) throw error;
      failure = error;
      pool.drop(peer);
    }
  };

  return {
    async prepare() {
      await step((process) => process.open({ ...order, jobs, limit, origin: address.origin, run }));
      await witness?.forget();
    },
    async measure() {
      await step(async (process) => {
        answer = await process.run(Math.max(PATIENCE_FLOOR_MS, PATIENCE_FACTOR * variant.estimateMs));
      });
      return answer === undefined ? undefined : { overriddenDuration: answer.wallMs };
    },
    async observe() {
      const { stats, trace } = await seenBy(witness, undefined, run);
      await step((process) => process.close());
      if (failure !== undefined && witness !== null) await untilIdle(witness);
      if (failure !== undefined || answer === undefined) return;
      const { cpuMs, computeMs, checksum } = answer;
      const served = variant.served?.([]) ?? allJobs(jobs);
      observed = {
        cpuMs,
        computeMs,
        checksum,
        served,
        stats,
        trace,
        metrics: {},
        computeSpans: [],
        eventLoopUtilization: 0,
      };
    },
    outcome() {
      const outcome = failure ?? observed;
      if (outcome === undefined) throw new Error(`${run} was not observed.`);
      return outcome;
    },
  };
}

/** What the target saw: of itself, or from what it said in its answers. */
async function seenBy(witness: Witness | null, batch: Batch | undefined, run: string) {
  const answers = batch?.answers?.();
  if (answers !== undefined) return sightOf(answers, run);
  if (witness === null) throw new Error(`${run}: nobody says what its target saw.`);
  return { stats: await witness.stats(), trace: await witness.trace() };
}

/** What a peer had under way when it ended is not to be counted for the next sample. */
async function untilIdle(witness: Witness): Promise<void> {
  for (let look = 0; look < 100 && (await witness.stats()).inFlight > 0; look++) await wait(10);
}

function allJobs(jobs: number): number[] {
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
