import type { PeerOrder } from '../../model/peer.ts';
import { type Check, peerCheck, type Stage } from './stage.ts';
import { workOf } from './work.ts';

const RUN = '{"do":"run"}';
const CLOSE = '{"do":"close"}';
const NOWHERE = 'http://127.0.0.1:1';

/** Checks every error that must end a peer, with a strategy that it offers. */
export function refusalChecks({ workload, strategy }: Pick<PeerOrder, 'workload' | 'strategy'>): Check[] {
  const { order, expected } = workOf(workload, strategy, 1);
  const orderAt = (origin: string) => ({ ...order, origin, run: 'peer check/refusal' });
  const open = ({ targets: { origin } }: Stage, change = {}) =>
    JSON.stringify({ do: 'open', ...orderAt(origin), ...change });
  // With 0 connections, so that the peer first contacts the target in `run`.
  const cold = (origin: string) => JSON.stringify({ do: 'open', ...orderAt(origin), connections: 0 });
  const checks = [
    peerCheck('run before open', (peer) => peer.mustRefuse(RUN)),
    peerCheck('close before open', (peer) => peer.mustRefuse(CLOSE)),
    peerCheck('open twice', async (peer, stage) => {
      await peer.open(orderAt(stage.targets.origin));
      await peer.mustRefuse(open(stage));
    }),
    peerCheck('run after close', async (peer, stage) => {
      await peer.open(orderAt(stage.targets.origin));
      peer.begin();
      await peer.done();
      await peer.close();
      await peer.mustRefuse(RUN);
    }),
    peerCheck('an unknown command', (peer) => peer.mustRefuse('{"do":"dance"}')),
    peerCheck('a line that is no JSON', (peer) => peer.mustRefuse('open, please')),
    peerCheck('an unknown strategy', (peer, stage) => peer.mustRefuse(open(stage, { strategy: 'dance' }))),
    peerCheck('an unknown workload', (peer, stage) => peer.mustRefuse(open(stage, { workload: 'dance' }))),
  ];
  if (expected === null || expected.served.length === 0) return checks;
  return [
    ...checks,
    peerCheck('a target that answers 500', async (peer, stage) =>
      peer.mustRefuse(cold(await stage.targets.failingOrigin()), RUN),
    ),
    peerCheck('a target that is not there', (peer) => peer.mustRefuse(cold(NOWHERE), RUN)),
  ];
}
