import { availableParallelism } from 'node:os';
import { crc32 } from 'node:zlib';
import type { Evidence } from '../../model/target.ts';
import {
  type Fault,
  findFaultAtTarget,
  findFaultOfAnswer,
  findFaultOfConnections,
} from '../conduct/checks.ts';
import { holdsOf, peakInFlightOf } from '../conduct/evidence.ts';
import type { PeerAnswer } from '../process/peer-messages.ts';
import type { CheckedPeer } from './checked-peer.ts';
import { RULES, RuleBroken } from './rules.ts';
import type { Check, Stage } from './stage.ts';
import { type Work, workOf } from './work.ts';

const DELAY_MS = 20;
/** We read our clock after the peer reads its clock, and the system counts CPU time in ticks. */
const CLOCK_SLACK_MS = 1;
const CPU_SLACK_MS = 100;

/** Checks each strategy of a peer, twice in one process. */
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

/** The observations of one sample. */
interface Seen {
  readonly answer: PeerAnswer;
  /** The duration on our clock. */
  readonly elapsedMs: number;
  readonly evidence: Evidence;
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
  const evidence = await witness.evidence();
  await peer.close();

  const seen: Seen = { answer, elapsedMs, evidence };
  if (expected !== null) checkSight(work, expected, run, seen);
  if (expected !== null && !peer.reconnects) checkConnections(work, seen);
  checkClocks(seen);
  if (results !== undefined) checkChecksum(answer, results);
  if (!(await targets.idle(limitMs)))
    throw new RuleBroken(`Connections were still open ${limitMs / 1000} s after close.`, RULES.close);
  const { requests, connections } = evidence;
  const sight = `${requests.length} requests, at most ${peakInFlightOf(evidence)} in flight, connections: ${connections.used}`;
  return expected === null
    ? `${sight}; Overlap does not know this workload, so check these numbers yourself`
    : sight;
}

/** Compares what the target saw with the order. */
function checkSight(
  { order }: Work,
  { served, bound }: NonNullable<Work['expected']>,
  run: string,
  { answer, evidence }: Seen,
): void {
  const { limit } = order;
  const variant = { limit, connections: { atMost: order.connections, opened: 0 } };
  refuse(findFaultAtTarget({ variant, served, run, evidence }), RULES.requests);
  const { wallMs, computeMs, checksum } = answer;
  const boundMs = bound({ holds: holdsOf(evidence), requests: evidence.requests.length, limit, computeMs });
  const declaredIn = 'the workload';
  const fault = findFaultOfAnswer({ declaredIn, wallMs, boundMs, checksum, expectedChecksum: undefined });
  refuse(fault, RULES.wall);
}

function checkConnections({ order: { limit, connections } }: Work, { evidence }: Seen): void {
  const variant = { limit, connections: { atMost: connections, opened: 0 } };
  refuse(findFaultOfConnections({ variant, evidence }), RULES.connections);
}

function checkClocks({ answer: { wallMs, cpuMs }, elapsedMs }: Seen): void {
  if (wallMs > elapsedMs + CLOCK_SLACK_MS)
    refuse({ what: `its wallMs is ${wallMs}, and Overlap waited ${elapsedMs.toFixed(3)} ms` }, RULES.wall);
  if (cpuMs > elapsedMs * availableParallelism() + CPU_SLACK_MS)
    refuse({ what: `its cpuMs is ${cpuMs}, after ${elapsedMs.toFixed(3)} ms` }, RULES.cpu);
}

function checkChecksum({ checksum }: PeerAnswer, results: readonly string[]): void {
  const right = crc32(results.join('')).toString(16).padStart(8, '0');
  if (checksum !== right)
    refuse({ what: `its checksum is ${checksum}, and should be ${right}` }, RULES.checksum);
}

function refuse(fault: Fault | null, rule: string): void {
  if (fault === null) return;
  const { what } = fault;
  throw new RuleBroken(`${what.charAt(0).toUpperCase()}${what.slice(1)}.`, rule);
}
