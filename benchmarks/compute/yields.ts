import { scheduler } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';

/** A way to let others run, and what it holds until it is released. */
export interface Yield {
  giveWay(): Promise<void>;
  release(): void;
}

const nothing = () => {};
const simple = (giveWay: () => Promise<void>) => (): Yield => ({ giveWay, release: nothing });
const byCallback = (later: (done: () => void) => void) =>
  simple(() => new Promise<void>((resolve) => later(resolve)));

/** Every way in which a computation can give way, by name. */
export const YIELDS: Readonly<Record<string, () => Yield>> = {
  'await a promise': simple(() => Promise.resolve()),
  queueMicrotask: byCallback((done) => queueMicrotask(done)),
  nextTick: byCallback((done) => process.nextTick(done)),
  MessageChannel: createMessageYield,
  setImmediate: byCallback((done) => setImmediate(done)),
  'scheduler.yield': simple(() => scheduler.yield() as Promise<void>),
  'setTimeout 0': byCallback((done) => setTimeout(done, 0)),
};

/** A message to itself, as browsers' schedulers do it. */
function createMessageYield(): Yield {
  const { port1, port2 } = new MessageChannel();
  let arrived = nothing;
  port2.on('message', () => arrived());
  return {
    giveWay: () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
        port1.postMessage(null);
      }),
    release: () => port1.close(),
  };
}

/** What one yield costs when nothing else wants to run: the mean of `count` of them, in ms. */
export async function yieldCostMs({ giveWay }: Yield, count: number): Promise<number> {
  const startMs = performance.now();
  for (let index = 0; index < count; index++) await giveWay();
  return (performance.now() - startMs) / count;
}
