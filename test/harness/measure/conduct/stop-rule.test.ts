import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopRule } from '../../../../harness/measure/conduct/stop-rule.ts';

const rule = stopRule({ leastRounds: 6, isAnswered: (text: string) => text === 'clear', withinMs: 1000 });

test('rounds are enough once they answer the question, and never before the least number', () => {
  assert.equal(rule({ measured: 'clear', rounds: 5, elapsedMs: 0 }), false);
  assert.equal(rule({ measured: 'clear', rounds: 6, elapsedMs: 0 }), true);
  assert.equal(rule({ measured: 'unclear', rounds: 6, elapsedMs: 999 }), false);
});

test('once the time is over they are enough without an answer, but for the least number', () => {
  assert.equal(rule({ measured: 'unclear', rounds: 5, elapsedMs: 5000 }), false);
  assert.equal(rule({ measured: 'unclear', rounds: 6, elapsedMs: 1000 }), true);
});

test('the most rounds are enough without an answer', () => {
  const limited = stopRule({
    leastRounds: 6,
    mostRounds: 20,
    isAnswered: (text: string) => text === 'clear',
    withinMs: 1000,
  });
  assert.equal(limited({ measured: 'unclear', rounds: 19, elapsedMs: 0 }), false);
  assert.equal(limited({ measured: 'unclear', rounds: 20, elapsedMs: 0 }), true);
});
