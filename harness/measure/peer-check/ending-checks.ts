import type { PeerOrder } from '../../model/peer.ts';
import type { CheckedPeer } from './checked-peer.ts';
import { RULES, RuleBroken } from './rules.ts';
import { type Check, peerCheck, type Stage } from './stage.ts';
import { longHashing, type Work, workOf } from './work.ts';

/** How long the target holds a request: long enough for a check to act meanwhile. */
const DELAY_MS = 300;
/** The longest delay that the target accepts; no check waits for its end. */
const LONG_DELAY_MS = 600_000;

/** Checks what must end a peer and what must not, with a strategy that it offers. */
export function endingChecks(
  { workload, strategy }: Pick<PeerOrder, 'workload' | 'strategy'>,
  strategies: CheckedPeer['strategies'],
): Check[] {
  const { order } = workOf(workload, strategy, DELAY_MS);
  const hashes = strategies['hash-and-save']?.includes('no-io') ?? false;
  return [
    peerCheck('end of stdin before open', async (peer) => {
      await mustEndWell(peer);
    }),
    peerCheck('end of stdin after open', async (peer, stage) => {
      await peer.open(orderAt(stage, order));
      await mustEndWell(peer);
    }),
    peerCheck('end of stdin while it runs', async (peer, stage) => {
      await startRun(peer, stage, order);
      await mustEndWell(peer);
    }),
    peerCheck('stdout is closed', async (peer, stage) => {
      peer.closeStdout();
      peer.say(JSON.stringify({ do: 'open', ...orderAt(stage, order) }));
      await peer.mustEnd(RULES.stdout);
    }),
    peerCheck('SIGINT', (peer, stage) =>
      mustIgnore(async () => {
        peer.interrupt();
        await startRun(peer, stage, order);
        peer.interrupt();
        await peer.done();
        await peer.close();
      }),
    ),
    orphanCheck('its parent dies before open', async () => {}),
    orphanCheck('its parent dies while it runs', (peer, stage) =>
      startRun(peer, stage, workOf(workload, strategy, LONG_DELAY_MS).order),
    ),
    ...(hashes
      ? [
          orphanCheck('its parent dies while it computes', (peer, stage) =>
            startRun(peer, stage, longHashing()),
          ),
        ]
      : []),
  ];
}

function orderAt({ targets: { origin } }: Stage, order: Work['order']) {
  return { ...order, origin, run: 'peer check/ending' };
}

async function startRun(peer: CheckedPeer, stage: Stage, order: Work['order']): Promise<void> {
  await peer.open(orderAt(stage, order));
  peer.begin();
  await stage.targets.busy();
}

async function mustEndWell(peer: CheckedPeer): Promise<void> {
  peer.endStdin();
  const { code, sentence } = await peer.mustEnd(RULES.stdin);
  if (code !== 0) throw new RuleBroken(sentence, RULES.stdin);
}

/** The same work succeeded without an interrupt, so the interrupt causes any failure here. */
async function mustIgnore(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof RuleBroken ? new RuleBroken(error.message, RULES.interrupt) : error;
  }
}

function orphanCheck(name: string, before: (peer: CheckedPeer, stage: Stage) => Promise<void>): Check {
  return {
    name,
    run: (stage) =>
      stage.withPeer(async (peer) => {
        await before(peer, stage);
        peer.killLeader();
        await peer.mustEnd(RULES.parent);
        return '';
      }, true),
  };
}
