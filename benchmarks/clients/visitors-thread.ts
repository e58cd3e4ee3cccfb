/** The thread of `visitors.ts`: it opens connections, reports that, and visits from `start` to `stop`, as often as asked. */
import { parentPort } from 'node:worker_threads';
import { Pool } from 'undici';
import { fetchText } from './exchange.ts';
import type { FromVisitors, ToVisitors, VisitorSettings } from './visitors.ts';

let pool: Pool | undefined;
let going = false;

const say = (message: FromVisitors) => parentPort?.postMessage(message);

async function open({ origin, visitors }: VisitorSettings): Promise<void> {
  pool = new Pool(origin, { connections: visitors });
  await Promise.all(Array.from({ length: visitors }, () => fetchText(pool!, { path: '/' })));
  say({ type: 'ready' });
}

async function visit({ visitors }: VisitorSettings): Promise<void> {
  const latenciesMs: number[] = [];
  const one = async () => {
    do {
      const startMs = performance.now();
      await fetchText(pool!, { path: '/' });
      latenciesMs.push(performance.now() - startMs);
    } while (going);
  };
  going = true;
  await Promise.all(Array.from({ length: visitors }, one));
  say({ type: 'visited', latenciesMs });
}

parentPort?.on('message', async (message: ToVisitors) => {
  if (message.type === 'open') await open(message.settings);
  else if (message.type === 'start') await visit(message.settings);
  else if (message.type === 'stop') going = false;
  else {
    await pool?.destroy();
    say({ type: 'closed' });
  }
});
