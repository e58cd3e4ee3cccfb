import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { nextOf } from '../../studies/tune/measure-tries.ts';
import { sweepByHand } from '../../studies/tune/sweep-by-hand.ts';
import { tryCase } from '../../studies/tune/try-case.ts';
import { CASES, SWEPT, type TuneTry } from '../../studies/tune/tune-cases.ts';
import { isSweepRight, tuneText } from '../../studies/tune/tune-table.ts';
import { readTuneTries, writeTuneTries } from '../../studies/tune/tune-tries.ts';
import { project } from '../fixtures/project.ts';
import { skipSlow } from '../fixtures/slow.ts';

const folder = mkdtempSync(join(tmpdir(), 'overlap-tune-tries-'));
after(() => rmSync(folder, { recursive: true }));
const { signal } = new AbortController();
const caseOf = (name: string) => CASES.find((one) => one.name === name)!;

const aTry = (
  name: string,
  answer: Partial<TuneTry['answer']> = {},
  some: Partial<TuneTry> = {},
): TuneTry => ({
  case: name,
  seed: 1,
  commit: 'none',
  answer: { limit: 16, low: 15, high: 18, reason: 'saturated', requests: 1400, seconds: 9, ...answer },
  error: null,
  words: ['Use 16 at once (15 to 18).'],
  refusedShare: 0,
  refusals: 0,
  pauses: 0,
  ...some,
});

const isRight = (...given: Parameters<typeof aTry>) => caseOf(given[0]).isRight(aTry(...given));

test('the kept text is what the kept tries say', () => {
  const file = join(project.results, 'studies', 'tune.json');
  const text = readFileSync(file.replace(/json$/, 'md'), 'utf8');
  assert.equal(text, `${tuneText(readTuneTries(file)!)}\n`, 'run npm run measure-tune');
});

test('an answer is right by its interval and its point, within the budget', () => {
  assert.ok(isRight('fixed-16-20'));
  assert.ok(isRight('fixed-16-20', { limit: 20, low: 18, high: 21 }));
  assert.ok(!isRight('fixed-16-20', { limit: 21, low: 18, high: 21 }), 'the point is too far');
  assert.ok(!isRight('fixed-16-20', { limit: 20, low: 19, high: 21 }), 'the interval is beside it');
  assert.ok(!isRight('fixed-16-20', { low: null, high: null }), 'there is no interval');
  assert.ok(!isRight('fixed-16-20', { requests: 10_001 }), 'it sent too much');
  assert.ok(!isRight('fixed-16-20', { seconds: 60.1 }), 'it took too long');
  assert.ok(!caseOf('fixed-16-20').isRight({ ...aTry('fixed-16-20'), answer: null }));
});

test('each other case has a rule of its own', () => {
  assert.ok(isRight('queue-full', { limit: 24, reason: 'refused' }, { refusedShare: 0.02 }));
  assert.ok(!isRight('queue-full', { limit: 24, reason: 'refused' }, { refusedShare: 0.03 }));
  assert.ok(!isRight('queue-full', { limit: 25, reason: 'refused' }));
  assert.ok(isRight('rate-limit', { limit: 10, reason: 'refused' }, { refusals: 2, pauses: 2 }));
  assert.ok(!isRight('rate-limit', { limit: 10, reason: 'refused' }, { refusals: 2, pauses: 1 }));
  assert.ok(
    isRight('inner-limit', { limit: 8, reason: 'hidden-limit' }, { words: ['a hidden limit of 8:'] }),
  );
  assert.ok(!isRight('inner-limit', { limit: 8, reason: 'saturated' }, { words: ['8'] }));
  assert.ok(isRight('client-cpu', { limit: 20, reason: 'client-cpu' }));
  assert.ok(!isRight('client-cpu', { limit: 18, reason: 'client-cpu' }));
  assert.ok(isRight('postgresql', { limit: 16, reason: 'refused' }));
  assert.ok(isRight('no-limit', { limit: 256, reason: 'not-reached' }));
  assert.ok(!isRight('no-limit', { limit: 128, reason: 'not-reached' }));
});

test('the case with the fewest tries is next, and sweeps come last', () => {
  const asked = { file: '', cases: ['queue-full', 'fixed-16-20'], tries: 2, sweeps: 1, withinMs: 0 };
  const kept = { conditions: {}, tries: [aTry('queue-full')], sweeps: [] };
  assert.deepEqual(nextOf(kept, asked), { kind: 'try', name: 'fixed-16-20', index: 0 });
  const all = { ...kept, tries: asked.cases.flatMap((name) => [aTry(name), aTry(name)]) };
  assert.deepEqual(nextOf(all, asked), { kind: 'sweep', name: 'fixed-16-20', index: 0 });
  assert.equal(nextOf(all, { ...asked, sweeps: 0 }), null);
});

test('the table counts what is right, and says what is missing', () => {
  const sweep = { case: SWEPT[0], seed: 1, limit: 20, requests: 5000, refused: 0, seconds: 70 };
  const tries = [aTry('fixed-16-20'), aTry('fixed-16-20', { limit: 30 })];
  const text = tuneText({ conditions: {}, tries, sweeps: [sweep] });
  assert.match(
    text,
    /^\*\*This study is begun\.\*\* It needs 20 tries of each case; 18 of 18 cases have fewer\.\n/,
  );
  assert.match(text, /\| fixed-16-20 +\| .* \| 1 of 2 +\| 17 of 20 +\| 23 \(16 to 30\) +\| 1400 +\| 9 +\|/);
  assert.match(text, /\| fixed-16-20 +\| 1 of 1 +\| 20 +\| 5000 +\| 0 +\| 70 +\|$/m);
  assert.ok(isSweepRight('queue-full', 20) && !isSweepRight('queue-full', 50));
});

test('tries are read as they were written', () => {
  const file = join(folder, 'tries.json');
  const kept = { conditions: { machine: 'this' }, tries: [aTry('fixed-16-20')], sweeps: [] };
  writeTuneTries(file, kept);
  assert.deepEqual(readTuneTries(file), kept);
});

test('a try runs the command against its target, and a sweep takes the best of all', {
  skip: skipSlow,
}, async () => {
  const one = await tryCase(caseOf('queue-full'), { seed: 1, commit: 'none', signal });
  assert.deepEqual([one.error, one.answer?.reason, one.refusals > 0], [null, 'refused', true]);
  assert.ok(one.refusedShare > 0 && one.refusedShare < 0.1);
  const sweep = await sweepByHand(caseOf('fixed-16-20'), { seed: 1, signal, seconds: 1 });
  assert.ok(sweep.limit >= 10, String(sweep.limit));
  assert.ok(sweep.requests > 500);
});
