import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Pool } from 'undici';
import { exchangeOk, openConnections, type Request } from '../../../benchmarks/clients/exchange.ts';
import { openFreeClients } from '../../../benchmarks/clients/free-clients.ts';
import type { Callback } from '../../../harness/model/job.ts';
import { startServer } from '../../../server/latency/server.ts';

let server: Awaited<ReturnType<typeof startServer>>;
before(async () => {
  server = await startServer({});
});
after(() => server.close());
const target = () => ({ origin: server.origin, certificate: null, run: 'test' });

type Call = (request: Request, done: Callback<string>) => void;
const asPromise = (call: Call) => promisify(call) as (request: Request) => Promise<string>;

test('more requests than clients are all answered, over their connections alone', async () => {
  const clients = await openFreeClients(target(), 2);
  const get = asPromise(clients.call);
  const answers = await Promise.all([0, 1, 2, 3, 4].map((job) => get({ path: `/delay/1?job=${job}` })));
  assert.deepEqual(
    answers.map((text) => JSON.parse(text).job),
    [0, 1, 2, 3, 4],
  );
  const stats = JSON.parse(await get({ path: '/stats' }));
  assert.deepEqual([stats.connections.opened, stats.connections.used, stats.peakInFlight], [2, 2, 2]);
  await clients.destroy();
});

test('after a request that is refused or loses its connection its client sends the next', async () => {
  const clients = await openFreeClients(target(), 1);
  const get = asPromise(clients.call);
  const outcomes = await Promise.allSettled(
    ['/delay/-1', '/delay/1?fault=reset', '/delay/1?job=7'].map((path) => get({ path })),
  );
  assert.match(String((outcomes[0] as PromiseRejectedResult).reason), /The target answered 400/);
  assert.equal(outcomes[1]!.status, 'rejected');
  assert.equal(JSON.parse((outcomes[2] as PromiseFulfilledResult<string>).value).job, 7);
  await clients.destroy();
});

test('what is in flight and what waits ends with the reason', async () => {
  const clients = await openFreeClients(target(), 1);
  const get = asPromise(clients.call);
  const both = Promise.allSettled([get({ path: '/delay/5000' }), get({ path: '/delay/5000' })]);
  await clients.destroy(new Error('Enough.'));
  for (const outcome of await both)
    assert.equal(String((outcome as PromiseRejectedResult).reason), 'Error: Enough.');
});

test('a server that is gone is an error', async () => {
  const gone = await startServer({});
  await gone.close();
  await assert.rejects(openFreeClients({ ...target(), origin: gone.origin }, 2), /ECONNREFUSED/);
});

/** How many turns of the event loop begin between an answer and the next request. */
async function turnsUntilSent(call: Call): Promise<number> {
  let turns = 0;
  const sent = Promise.withResolvers<number>();
  const onSent = () => sent.resolve(turns);
  call({ path: '/delay/1' }, () => {
    subscribe('undici:client:sendHeaders', onSent);
    call({ path: '/delay/1' }, () => {});
    const count = () => {
      turns += 1;
      if (turns < 100) setImmediate(count);
    };
    setImmediate(count);
  });
  return sent.promise.finally(() => unsubscribe('undici:client:sendHeaders', onSent));
}

test('the next request is sent a turn earlier than by a pool', async () => {
  const clients = await openFreeClients(target(), 1);
  const pool = new Pool(server.origin, { connections: 1, allowH2: false });
  await openConnections([pool]);
  const byPool = await turnsUntilSent((request, done) => exchangeOk(pool, request, done));
  assert.equal(await turnsUntilSent(clients.call), byPool - 1);
  await Promise.all([clients.destroy(), pool.destroy()]);
});
