import { scheduler } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';

/** A way of yielding, with a function that releases its resources. */
export interface Yield {
  giveWay(): Promise<void>;
  release(): void;
}

const nothing = () => {};
const simple = (giveWay: () => Promise<void>) => (): Yield => ({ giveWay, release: nothing });
const byCallback = (later: (done: () => void) => void) =>
  simple(() => new Promise<void>((resolve) => later(resolve)));

/** All ways of yielding, by name. */
export const YIELDS: Readonly<Record<string, () => Yield>> = {
  'await a promise': simple(() => Promise.resolve()),
  queueMicrotask: byCallback((done) => queueMicrotask(done)),
  nextTick: byCallback((done) => process.nextTick(done)),
  MessageChannel: createMessageYield,
  setImmediate: byCallback((done) => setImmediate(done)),
  'scheduler.yield': simple(() => scheduler.yield() as Promise<void>),
  'setTimeout 0': byCallback((done) => setTimeout(done, 0)),
};

/** Posts a message to itself, as schedulers in browsers do. */
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

/** The cost of a yield when no other task can run: the mean of `count` yields, in ms. */
export async function yieldCostMs({ giveWay }: Yield, count: number): Promise<number> {
  const startMs = performance.now();
  for (let index = 0; index < count; index++) await giveWay();
  return (performance.now() - startMs) / count;
}
