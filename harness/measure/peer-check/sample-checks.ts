import { availableParallelism } from 'node:os';
import { crc32 } from 'node:zlib';
import {
  findFailureAtTarget,
  findFailureOfAnswer,
  findFailureOfConnections,
  holdsOf,
} from '../conduct/checks.ts';
import type { PeerAnswer } from '../process/peer-messages.ts';
import type { TargetStats, TargetTrace } from '../process/target.ts';
import type { CheckedPeer } from './checked-peer.ts';
import { RULES, RuleBroken } from './rules.ts';
import type { Check, Stage } from './stage.ts';
import { type Work, workOf } from './work.ts';

const DELAY_MS = 20;
/** Our own clock is read after theirs, and CPU time is counted in ticks of the system. */
const CLOCK_SLACK_MS = 1;
const CPU_SLACK_MS = 100;

/** Each strategy that a peer offers, twice in one process. */
export function sampleChecks(strategies: CheckedPeer['strategies']): Check[] {
  return Object.entries(strategies).flatMap(([workload, names]) =>
    names.map((strategy) => ({
      name: `${workload} by ${strategy}`,
      run: (stage: Stage) =>
        stage.withPeer(async (peer) => {
          const work = workOf(workload, strategy, DELAY_MS);
          // A name with characters that a URL cannot have.
          await checkSample(stage, peer, work, `peer check/${strategy} & more/1`);
          return checkSample(stage, peer, work, `peer check/${strategy} & more/2`);
        }),
    })),
  );
}

/** What one sample led to. */
interface Seen {
  readonly answer: PeerAnswer;
  /** What passed on our clock meanwhile. */
  readonly elapsedMs: number;
  readonly stats: TargetStats;
  readonly trace: TargetTrace;
}

async function checkSample(stage: Stage, peer: CheckedPeer, work: Work, run: string): Promise<string> {
  const { targets, limitMs } = stage;
  const { origin, witness } = targets;
  const { order, expected } = work;
  const results =
    expected?.results === 'answers' ? await targets.answers(order.jobs, order.delayMs) : expected?.results;
  await targets.idle(limitMs);
  await peer.open({ ...order, origin, run });
  await witness.forget();
  const startMs = performance.now();
  peer.begin();
  const answer = await peer.done();
  const elapsedMs = performance.now() - startMs;
  const [stats, trace] = [await witness.stats(), await witness.trace()];
  await peer.close();

  const seen: Seen = { answer, elapsedMs, stats, trace };
  if (expected !== null) checkSight(work, expected, run, seen);
  checkClocks(seen);
  if (results !== undefined) checkChecksum(answer, results);
  if (!(await targets.idle(limitMs)))
    throw new RuleBroken(`Connections were still open ${limitMs / 1000} s after close.`, RULES.close);
  const { requests, peakInFlight, connections } = stats;
  const sight = `${requests} requests, at most ${peakInFlight} in flight, connections: ${connections.used}`;
  return expected === null ? `${sight}; nobody knows whether that is right: the workload is your own` : sight;
}

/** Holds what the target saw against what was ordered. */
function checkSight(
  { order }: Work,
  { served, bound }: NonNullable<Work['expected']>,
  run: string,
  { answer, stats, trace }: Seen,
): void {
  const { limit } = order;
  const variant = { limit, connections: { atMost: order.connections, opened: 0 } };
  refuse(findFailureAtTarget({ variant, served, run, stats, trace }), RULES.requests);
  refuse(findFailureOfConnections({ variant, stats }), RULES.connections);
  const { wallMs, computeMs, checksum } = answer;
  const boundMs = bound({ holds: holdsOf(trace), requests: stats.requests, limit, computeMs });
  refuse(findFailureOfAnswer({ wallMs, boundMs, checksum, expectedChecksum: undefined }), RULES.wall);
}

function checkClocks({ answer: { wallMs, cpuMs }, elapsedMs }: Seen): void {
  if (wallMs > elapsedMs + CLOCK_SLACK_MS)
    refuse(`its wallMs is ${wallMs}, and Overlap waited ${elapsedMs.toFixed(3)} ms`, RULES.wall);
  if (cpuMs > elapsedMs * availableParallelism() + CPU_SLACK_MS)
    refuse(`its cpuMs is ${cpuMs}, after ${elapsedMs.toFixed(3)} ms`, RULES.cpu);
}

function checkChecksum({ checksum }: PeerAnswer, results: readonly string[]): void {
  const right = crc32(results.join('')).toString(16).padStart(8, '0');
  if (checksum !== right) refuse(`its checksum is ${checksum}, and should be ${right}`, RULES.checksum);
}

function refuse(failure: string | null, rule: string): void {
  if (failure !== null) throw new RuleBroken(`${failure.charAt(0).toUpperCase()}${failure.slice(1)}.`, rule);
}
