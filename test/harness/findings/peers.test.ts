import assert from 'node:assert/strict';
import { test } from 'node:test';
import { besidePeers } from '../../../harness/findings/peers.ts';
import type { Estimate, Row } from '../../../harness/model/row.ts';
import { madeUpRow } from '../../fixtures/record.ts';

const equal: Estimate = { value: 1, low: 0.9, high: 1.1 };
const unproven: Estimate = { value: 1.5, low: null, high: null };
const ours = madeUpRow({ variant: 'semaphore@100', headline: true });
const beside = (peer: string, speedup: Estimate, efficiency = equal, given: Partial<Row> = {}) =>
  madeUpRow({
    variant: `${peer}@100`,
    peer,
    nearest: { variant: 'semaphore@100', speedup, efficiency },
    ...given,
  });
const gevent = beside(
  'gevent',
  { value: 1.07, low: 1.04, high: 1.1 },
  { value: 0.98, low: 0.97, high: 0.99 },
);
const aiohttp = beside('aiohttp', { value: 1.01, low: 0.993, high: 1.02 });
const tornado = beside('tornado', { value: 1.03, low: 1.01, high: 1.04 });
const uvloop = beside('uvloop', { value: 0.9, low: 0.8, high: 0.95 });

test('peers are sorted by what their intervals prove, a sentence for each verdict', () => {
  assert.equal(
    besidePeers({ own: [ours], peers: [gevent, aiohttp, uvloop, tornado] }),
    'semaphore@100 is faster than gevent: 1.07x (1.04 to 1.10) and tornado: 1.03x (1.01 to 1.04). ' +
      'It is slower than uvloop: 0.900x (0.800 to 0.950). It is tied with aiohttp: 1.01x (0.993 to 1.02).',
  );
});

test('the share of the bound is compared in words of its own', () => {
  assert.equal(
    besidePeers({ own: [ours], peers: [gevent, aiohttp] }, 'efficiency'),
    'semaphore@100 stays farther from its bound than gevent: 0.980x (0.970 to 0.990). ' +
      'It is as close to its bound as aiohttp: 1.00x (0.900 to 1.10).',
  );
  const closer = beside('gevent', unproven, { value: 1.03, low: 1.02, high: 1.04 });
  assert.equal(
    besidePeers({ own: [ours], peers: [closer] }, 'efficiency'),
    'semaphore@100 comes closer to its bound than gevent: 1.03x (1.02 to 1.04).',
  );
});

test('without a peer, in too few rounds, or beside another row there is nothing to say', () => {
  const cpu = { metrics: { cpuMs: 5 } };
  const own = [{ ...ours, ...cpu }];
  assert.equal(besidePeers({ own, peers: [] }), '');
  assert.equal(besidePeers({ own, peers: [beside('aiohttp', unproven, equal, cpu)] }), '');
  assert.equal(besidePeers({ own: [{ ...own[0]!, headline: false }], peers: [{ ...gevent, ...cpu }] }), '');
  assert.equal(besidePeers({ own, peers: [{ ...gevent, ...cpu, group: 'another' }] }), '');
  assert.equal(besidePeers({ own: [], peers: [gevent] }), '');
});

test('a peer that has no interval is left out, and the others are told', () => {
  assert.equal(
    besidePeers({ own: [ours], peers: [beside('aiohttp', unproven), gevent] }),
    'semaphore@100 is faster than gevent: 1.07x (1.04 to 1.10).',
  );
});

test('CPU times stand beside each other, as a range where there are several peers', () => {
  const withCpu = (cpuMs: number, row: Row) => ({ ...row, metrics: { cpuMs } });
  const own = [withCpu(88, ours)];
  const both = besidePeers({ own, peers: [withCpu(188, gevent), withCpu(288, tornado)] });
  assert.match(
    both,
    / In 100 ms, semaphore@100 takes 88\.0 ms of CPU time; its peers take 188 ms to 288 ms\.$/,
  );
  const one = besidePeers({ own, peers: [withCpu(188, gevent)] });
  assert.match(one, /; its peer takes 188 ms\.$/);
  const same = besidePeers({ own, peers: [withCpu(188, gevent), withCpu(188, tornado)] });
  assert.match(same, /; its peers take 188 ms\.$/);
  assert.doesNotMatch(besidePeers({ own, peers: [gevent] }), /CPU/, 'not for a peer without CPU times');
});

test('each headline row has its own peers', () => {
  const other = madeUpRow({ variant: 'all', headline: true });
  const beyond = beside('gevent', { value: 2, low: 1.9, high: 2.1 });
  const peers = [gevent, { ...beyond, nearest: { ...beyond.nearest!, variant: 'all' } }];
  assert.equal(
    besidePeers({ own: [ours, other], peers }),
    'semaphore@100 is faster than gevent: 1.07x (1.04 to 1.10). all is faster than gevent: 2.00x (1.90 to 2.10).',
  );
});
