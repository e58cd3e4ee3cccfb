import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { conduct } from '../../../../harness/measure/conduct/conduct.ts';
import { lastRecord } from '../../../../harness/measure/conduct/events.ts';
import { loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import { planResumed } from '../../../../harness/measure/plan/resume.ts';
import { startServer } from '../../../../server/latency/server.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';
import { skipSlow } from '../../../fixtures/slow.ts';

const EXPERIMENTS = join(import.meta.dirname, '../../../fixtures/experiments');
const { environment } = madeUpRecord([]);
const asked = { names: [], profile: 'smoke', rounds: undefined, seed: 1 } as const;

async function planned(name: string) {
  const entry = await loadExperiment(join(EXPERIMENTS, `${name}.ts`));
  const [plan] = await planRun({ catalog: [entry], kinds, request: asked, environment });
  return plan!;
}

test('a variant that breaks its own limit fails the run; its sample is kept, and the run is not resumed', async () => {
  const plan = await planned('lying');
  const ended = await lastRecord(conduct(plan, { signal: new AbortController().signal }));
  assert.equal(ended.status, 'errored');
  assert.match(
    ended.reason!,
    /^lying, liar, round 1: the target saw 5 requests in flight, and the limit is 1; if that is right, write limit: 5 for this variant in experiments\/lying\.ts\.$/,
  );
  assert.equal(ended.samples.filter(({ failure }) => failure !== null).length, 1);
  const present = { environment, kinds, peers: { found: [], skipped: [] } };
  await assert.rejects(
    planResumed([plan.entry], [ended], present),
    /cannot be resumed, because a check failed: lying, liar/,
  );
});

test('a job that fails errors its row, with what the target said and the file', async () => {
  const plan = await planned('failing');
  const ended = await lastRecord(conduct(plan, { signal: new AbortController().signal }));
  assert.equal(ended.status, 'errored');
  assert.match(
    ended.reason!,
    /^failing, refused: experiments\/failing\.ts failed \(The target answered 400 to GET .*"ms must be <= 600000\./,
  );
  assert.equal(ended.samples.length, 0);
});

test('a run that is stopped before it starts does nothing', async () => {
  const plan = await planned('lying');
  await assert.rejects(lastRecord(conduct(plan, { signal: AbortSignal.abort(new Error('stopped')) })), {
    message: 'stopped',
  });
});

/** Runs this while the environment names a proxy; returns how many requests that saw. */
async function behindProxy(
  work: () => Promise<unknown>,
  besides: Readonly<Record<string, string>> = {},
): Promise<number> {
  let requests = 0;
  const proxy = createServer((_request, response) => {
    requests += 1;
    response.writeHead(418).end();
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  Object.assign(process.env, { http_proxy: `http://127.0.0.1:${port}`, ...besides });
  try {
    await work();
  } finally {
    for (const name of ['http_proxy', ...Object.keys(besides)]) delete process.env[name];
    proxy.closeAllConnections();
    proxy.close();
  }
  return requests;
}

const clientsPlan = async () => {
  const entry = await loadExperiment(join(import.meta.dirname, '../../../../benchmarks/clients.ts'));
  const [plan] = await planRun({ catalog: [entry], kinds, request: { ...asked, rounds: 1 }, environment });
  return plan!;
};

test('a proxy that the environment names sees no request of any client', { skip: skipSlow }, async () => {
  const plan = await clientsPlan();
  const work = async () => {
    const { status, reason } = await lastRecord(conduct(plan, { signal: new AbortController().signal }));
    assert.equal(status, 'ok', reason ?? '');
  };
  const requests = await behindProxy(work, { NODE_USE_ENV_PROXY: '1' });
  assert.equal(requests, 0);
});

test('a target elsewhere can be reached by the proxy, where that is asked for', {
  skip: skipSlow,
}, async () => {
  const server = await startServer();
  try {
    const plan = await clientsPlan();
    const remote = { origin: server.origin, version: 'as here', keepProxy: true } as const;
    const record = { ...plan.record, remote };
    const requests = await behindProxy(async () => {
      const { variants } = await lastRecord(
        conduct({ ...plan, record }, { signal: new AbortController().signal }),
      );
      const errored = variants.flatMap(({ id, error }) => (error === undefined ? [] : [`${id}: ${error}`]));
      assert.equal(errored.length, 1);
      assert.match(errored[0]!, /^axios: .*418/);
    });
    assert.ok(requests > 0);
  } finally {
    await server.close(0);
  }
});
