import type { PeerRow } from '../plan/variants.ts';
import { PeerFailed } from '../process/line-process.ts';
import type { PeerAnswer } from '../process/peer-messages.ts';
import { type PeerProcess, startPeer } from '../process/peer-process.ts';
import type { OpenTarget } from '../process/target.ts';
import { collectEvidence } from './evidence.ts';
import { RowFailed, untilIdle } from './row-failure.ts';
import { allJobs, type RunningSample, type SampleOutcome } from './sample.ts';
import { sampleLimitMs } from './time-limits.ts';

/** The running peers; each is started when it is first needed. */
interface PeerPool {
  get(peer: PeerRow['peer']): Promise<PeerProcess>;
  /** The time from the start of a running peer to its first line, in ms. */
  startMs(peer: PeerRow['peer']): number;
  /** Ends a peer; the next sample starts a new process. */
  drop(peer: PeerRow['peer']): void;
}

/** Makes a sample of a peer's row. */
export type PeerSampler = (variant: PeerRow, run: string, target: OpenTarget) => RunningSample;

/** Creates a sampler whose peers start when they are first needed, and go on running between samples. */
export function createPeerSampler(): PeerSampler {
  const pool = createPeerPool();
  return (variant, run, target) =>
    createPeerSample(variant, run, target, variant.freshAfter === undefined ? pool : createPeerPool());
}

/** Creates a pool in which no peer runs yet. */
function createPeerPool(): PeerPool {
  const running = new Map<string, { readonly process: PeerProcess; readonly startMs: number }>();
  return {
    async get(peer) {
      const known = running.get(peer.id);
      if (known !== undefined) return known.process;
      const beforeMs = performance.now();
      const { process } = await startPeer(peer.id, peer.command);
      running.set(peer.id, { process, startMs: performance.now() - beforeMs });
      return process;
    },
    startMs: ({ id }) => running.get(id)!.startMs,
    drop({ id }) {
      running.get(id)?.process.kill();
      running.delete(id);
    },
  };
}

/** What is measured of a process that has one sample alone. */
function processMetrics(startMs: number, process: PeerProcess): SampleOutcome['metrics'] {
  const peak = process.peakMemoryBytes();
  return { startMs, ...(peak === undefined ? {} : { peakMemoryBytes: peak }) };
}

/** A sample that a peer measures in its own process. A failure there is an outcome, not an error here. */
function createPeerSample(
  variant: PeerRow,
  run: string,
  { address, witness }: OpenTarget,
  pool: PeerPool,
): RunningSample {
  const { peer, order, jobs, limit, freshAfter } = variant;
  let outcome: SampleOutcome | undefined;
  let answer: PeerAnswer | undefined;
  let failure: RowFailed | undefined;
  /** Does one step, unless an earlier one failed. */
  const step = async (work: (process: PeerProcess) => Promise<void>) => {
    if (failure !== undefined) return;
    try {
      await work(await pool.get(peer));
    } catch (error) {
      if (!(error instanceof PeerFailed)) throw error;
      failure = new RowFailed(error.message, { cause: error });
      pool.drop(peer);
    }
  };

  return {
    async prepare() {
      const { origin } = address;
      if (freshAfter !== undefined)
        await step(async (process) => {
          const most = Math.min(limit, freshAfter);
          await process.open({ ...order, jobs: freshAfter, limit: most, origin, run: `${run}/before` });
          await process.run(sampleLimitMs(variant));
          await process.close();
        });
      await step((process) => process.open({ ...order, jobs, limit, origin, run }));
      await witness?.forget();
    },
    async measure() {
      await step(async (process) => {
        answer = await process.run(sampleLimitMs(variant));
      });
      return answer === undefined ? undefined : { overriddenDuration: answer.wallMs };
    },
    async finish() {
      const evidence = await collectEvidence(run, witness);
      let metrics: SampleOutcome['metrics'] = {};
      await step(async (process) => {
        if (freshAfter !== undefined) metrics = processMetrics(pool.startMs(peer), process);
        await process.close();
      });
      if (freshAfter !== undefined) pool.drop(peer);
      if (failure !== undefined && witness !== null) await untilIdle(witness);
      if (failure !== undefined || answer === undefined) return;
      const { cpuMs, computeMs, checksum } = answer;
      const served = variant.served?.([]) ?? allJobs(jobs);
      outcome = {
        cpuMs,
        computeMs,
        checksum,
        served,
        evidence,
        metrics,
        computeSpans: [],
        eventLoopUtilization: 0,
      };
    },
    outcome() {
      const result = failure ?? outcome;
      if (result === undefined) throw new Error(`${run} was not finished.`);
      return result;
    },
  };
}
