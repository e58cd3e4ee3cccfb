import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPositions, entriesOf } from '../../../../harness/measure/plan/round-entries.ts';
import { variantsOf } from '../../../../harness/measure/plan/variants.ts';
import { defineExperiment, type Variant } from '../../../../harness/model/experiment.ts';
import type { PeerVariant } from '../../../../harness/model/peer.ts';

const variants = [
  { group: 'a', id: 'serial', control: true, warmsUp: true, rounds: Number.POSITIVE_INFINITY, repeats: 1 },
  { group: 'a b', id: 'c', control: false, warmsUp: false, rounds: 1, repeats: 1 },
  { group: 'a', id: 'b c', control: false, warmsUp: true, rounds: Number.POSITIVE_INFINITY, repeats: 1 },
];

test('a variant is found by its group and id, though they read the same together', () => {
  const positionOf = createPositions('crawl', variants);
  assert.deepEqual(variants.map(positionOf), [0, 1, 2]);
});

test('an unknown variant is one sentence', () => {
  const positionOf = createPositions('crawl', variants.slice(0, 1));
  assert.throws(() => positionOf({ group: '', id: 'serial' }), {
    message: 'crawl has no variant "serial"; it has "a serial".',
  });
});

test('a round names each variant, a control twice, and those with few rounds in the first ones', () => {
  const named = (warmUp: boolean, round: number) =>
    entriesOf(variants, { warmUp, round }).map(({ group, id, twin }) => [group, id, twin]);
  const always = [
    ['a', 'serial', false],
    ['a', 'serial', true],
  ];
  assert.deepEqual(named(false, 1), [...always, ['a b', 'c', false], ['a', 'b c', false]]);
  assert.deepEqual(named(false, 2), [...always, ['a', 'b c', false]]);
  assert.deepEqual(named(true, 1), [...always, ['a', 'b c', false]]);
});

test('repeats are runs of their own in a measured round, a twin has as many, and warm-up has one', () => {
  const often = [{ ...variants[0]!, repeats: 2 }];
  const entry = { group: 'a', id: 'serial' };
  const once = [
    { ...entry, twin: false },
    { ...entry, twin: true },
  ];
  assert.deepEqual(entriesOf(often, { warmUp: true, round: 1 }), once);
  assert.deepEqual(entriesOf(often, { warmUp: false, round: 1 }), [
    ...once,
    { ...entry, twin: false, repeat: 2 },
    { ...entry, twin: true, repeat: 2 },
  ]);
});

test('a row of a peer cannot have the name of another row', () => {
  const never = () => {
    throw new Error('Nothing runs here.');
  };
  const row = { jobs: 1, limit: 1, connections: { used: 1, opened: 0 }, estimateMs: 1 };
  const work = { rounds: 1, warmUpRounds: 0 };
  const own: Variant = { ...row, id: 'quick serial', baseline: true, strategy: never, open: never };
  const order = { workload: 'crawl', strategy: 'serial', delayMs: 1, connections: 1 };
  const theirs: PeerVariant = { ...row, id: ' serial', group: '', nearest: 'quick serial', order };
  const experiment = defineExperiment({
    title: 'Names',
    question: 'Which is which?',
    profiles: { smoke: work, quick: work, book: work },
    variants: () => [{ ...own, group: '' }],
    peers: () => [theirs],
    charts: [],
    finding: () => null,
  });
  const peer = {
    id: 'quick',
    runtime: 'python',
    command: { command: '', args: [] },
    versions: {},
    strategies: { crawl: ['serial'] },
  };
  assert.throws(() => variantsOf({ id: 'names', file: '', experiment }, 'smoke', [peer]), {
    message: 'names, profile smoke: two variants have the same id.',
  });
});
