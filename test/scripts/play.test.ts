import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { run, start } from '../fixtures/command.ts';
import { childrenOf, isAlive, until } from '../fixtures/processes.ts';

/** The command with a long run under way, and the processes that it consists of. */
async function playing(context: TestContext) {
  const { child, output, ended } = start('play', ['--port', '0']);
  context.after(() => child.kill('SIGKILL'));
  await until('its address', () => output.out.includes('\n'), 60_000);
  const [origin] = /http:\S+/.exec(output.out) ?? [];
  const watching = request(`${origin}/events`);
  watching.on('error', () => {});
  watching.end();
  const starting = request(`${origin}/run`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
  });
  starting.end(JSON.stringify({ strategy: 'serial', requests: 500, latencyMs: 2000 }));
  const [answer] = await once(starting, 'response');
  assert.equal(answer.statusCode, 202);
  await until('a player and a target', () => childrenOf(child.pid!).length === 2, 60_000);
  return { child, ended, children: childrenOf(child.pid!) };
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`${signal} ends it with 130, and its run`, async (context) => {
    const { child, ended, children } = await playing(context);
    child.kill(signal);
    assert.deepEqual(await ended.then(({ code, err }) => [code, err]), [130, 'Interrupted.\n']);
    assert.ok(children.every(({ pid }) => !isAlive(pid)));
  });

test('when it is killed it leaves no process', async (context) => {
  const { child, ended, children } = await playing(context);
  child.kill('SIGKILL');
  await ended;
  await until('their end', () => children.every(({ pid }) => !isAlive(pid)), 20_000);
});

test('a port that is taken or invalid is reported in one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const { code, err } = await run('play', '--port', String(port));
  other.close();
  assert.equal(code, 1);
  assert.match(err, /^Port \d+ is taken by another program; choose another one with --port\.\n$/);
  assert.match((await run('play', '--port', 'x')).err, /whole number from 0 to 65535/);
});
