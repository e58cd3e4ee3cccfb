import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besidePeers, cpuBesidePeers } from '../../../harness/findings/beside-peers.ts';
import type { Estimate } from '../../../harness/model/row.ts';
import { madeUpRow } from '../../fixtures/record.ts';

const equal: Estimate = { value: 1, low: 0.9, high: 1.1 };
const beside = (peer: string, speedup: Estimate, efficiency = equal) =>
  madeUpRow({
    variant: `${peer}@100`,
    peer: true,
    parameters: { peer },
    nearest: { variant: 'semaphore@100', speedup, efficiency },
  });
const rows = [
  madeUpRow({ variant: 'semaphore@100' }),
  beside('gevent', { value: 1.07, low: 1.04, high: 1.1 }, { value: 0.98, low: 0.97, high: 0.99 }),
  beside('aiohttp', { value: 1.01, low: 0.993, high: 1.02 }),
  beside('tornado', { value: 1.03, low: 1.01, high: 1.04 }),
];

test('peers are sorted by what their intervals prove', () => {
  assert.equal(
    besidePeers(rows, 'semaphore@100', 'speedup'),
    'semaphore@100 is faster than gevent (1.070 times, 1.040 to 1.100) and tornado (1.030 times, 1.010 to 1.040) ' +
      'and cannot be told from aiohttp (1.010 times, 0.993 to 1.020).',
  );
});

test('the share of the bound is compared in words of its own', () => {
  assert.match(
    besidePeers(rows, 'semaphore@100', 'efficiency'),
    /^semaphore@100 stays farther from its bound than gevent \(0\.980 times, .*\) and cannot be told from aiohttp .* and tornado /,
  );
});

test('without a peer, or with too few rounds, there is nothing to say', () => {
  assert.equal(besidePeers(rows, 'promise-all', 'speedup'), '');
  const once = beside('aiohttp', { value: 1, low: null, high: null });
  assert.equal(besidePeers([once], 'semaphore@100', 'speedup'), '');
});

test('CPU times stand beside each other, as a range where there are several peers', () => {
  const withCpu = rows.map((row, index) => ({ ...row, metrics: { cpuMs: 88 + 100 * index } }));
  assert.equal(
    cpuBesidePeers(withCpu, 'semaphore@100'),
    'In 100 ms semaphore@100 takes 88 ms of CPU time, its peers take 188 to 388 ms.',
  );
  assert.match(cpuBesidePeers(withCpu.slice(0, 2), 'semaphore@100'), /its peers take 188 ms\.$/);
  assert.equal(cpuBesidePeers(withCpu, 'promise-all'), '');
});
