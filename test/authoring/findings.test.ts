import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceFinding } from '../../authoring/choice-finding.ts';
import { sweepFinding } from '../../authoring/sweep-finding.ts';
import type { Row } from '../../harness/model/row.ts';
import { madeUpRow } from '../fixtures/record.ts';

const reference = madeUpRow({ variant: 'reference@16', baseline: true, medianMs: 100 });

/** A row that takes this long, beside a reference of 100 ms. */
function row(variant: string, parameters: Row['parameters'], medianMs: number): Row {
  const value = 100 / medianMs;
  const speedup = { value, low: value * 0.999, high: value * 1.001 };
  return madeUpRow({ variant, parameters, medianMs, speedup });
}

const sweep = (times: Readonly<Record<number, number>>) => [
  reference,
  ...Object.entries(times).map(([value, timeMs]) =>
    row(`concurrency ${value}`, { concurrency: Number(value) }, timeMs),
  ),
];
const saturated = sweep({ 5: 320, 10: 160, 16: 102, 20: 100, 50: 100.2 });
const told = (rows: readonly Row[], concurrency?: number, capacity?: number) =>
  sweepFinding(rows, {
    name: 'concurrency',
    current: concurrency === undefined ? {} : { concurrency },
    api: capacity === undefined ? {} : { capacity },
  })!;

test('the knee is named, with its interval, its bound and the capacity of the API', () => {
  assert.deepEqual(told(saturated, undefined, 16), {
    headline: 'Stop at concurrency 16: no larger one tested gains 5 %.',
    short: 'stop at concurrency 16',
    details: [
      'concurrency 16 is 0.980x as fast (0.979 to 0.981), at 90 % of its bound.',
      'The API works on 16 requests at once; more wait in its queue.',
    ],
  });
});

test('a current value below the knee loses as many times', () => {
  const { headline, short, details } = told(saturated, 5);
  assert.equal(headline, 'Set concurrency to 16: the current 5 takes 3.14x as long.');
  assert.equal(short, 'set concurrency to 16: 5 takes 3.14x as long');
  assert.match(
    details.at(-1)!,
    /^concurrency 5, the current one, used 10 connections, and takes 3\.14x as long/,
  );
});

test('a current value beyond the knee that loses is told so, and one that gains a little is kept', () => {
  const overloaded = sweep({ 5: 320, 10: 160, 16: 102, 50: 150 });
  assert.equal(told(overloaded, 50).headline, 'Set concurrency to 16: the current 50 takes 1.47x as long.');
  assert.equal(told(saturated, 20).headline, 'Keep concurrency 20: 16 takes 1.02x as long.');
});

test('a current value at the knee is kept, and a tied one may be', () => {
  assert.equal(told(saturated, 16).headline, 'Keep concurrency 16: no larger one tested gains 5 %.');
  const tied = sweep({ 5: 320, 16: 100, 20: 100 });
  assert.equal(told(tied, 20).headline, 'Keep concurrency 20, or stop at 16: the two are tied.');
  assert.match(told(tied, 20).details.at(-1)!, /and is tied with concurrency 16\.$/);
});

test('a knee at the largest value says that a larger one may gain more', () => {
  const rising = sweep({ 5: 320, 10: 160 });
  assert.equal(told(rising).headline, 'More concurrency gained 5 % up to the largest tested: 10.');
  assert.equal(
    told(rising, 10).headline,
    'Keep concurrency 10, the best tested: a larger one may gain more.',
  );
});

test('values that make no difference are said to make none', () => {
  const flat = sweep({ 5: 100, 10: 100, 20: 100 });
  assert.equal(told(flat).headline, 'No larger concurrency than 5 is measurably faster.');
  assert.equal(
    told(flat, 5).headline,
    'Keep concurrency 5: no larger one tested gains 5 %, and a smaller one may do.',
  );
  assert.equal(told(flat, 20).headline, 'Keep concurrency 20, or stop at 5: the two are tied.');
});

test('a sweep without intervals has no finding of its own', () => {
  const unproven = saturated.map((one) => ({ ...one, time: { ...one.time, low: null, high: null } }));
  assert.equal(sweepFinding(unproven, { name: 'concurrency', current: {}, api: {} }), null);
});

const choices = [
  reference,
  row('client fetch', { client: 'fetch' }, 200),
  row('client undici', { client: 'undici' }, 110),
  row('client got', { client: 'got' }, 110.05),
];

test('the fastest choice is named with what is tied with it, and the slowest', () => {
  assert.deepEqual(choiceFinding(choices, {}), {
    headline: 'Fastest: client undici (tied with 1 other).',
    short: 'fastest: client undici (tied with 1 other)',
    details: [
      'client undici is 0.909x as fast (0.908 to 0.910), at 90 % of its bound.',
      'Tied as the fastest: client undici and client got.',
      'Slowest: client fetch, 1.82x as long.',
    ],
  });
});

test('a current choice that loses is told what to take, and one that does not is kept', () => {
  assert.equal(
    choiceFinding(choices, { client: 'fetch' })!.headline,
    'Take client undici: client fetch takes 1.82x as long.',
  );
  for (const client of ['undici', 'got'])
    assert.equal(
      choiceFinding(choices, { client })!.headline,
      `Keep client ${client}: no other row is measurably faster.`,
    );
});
