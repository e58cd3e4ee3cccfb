import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusalIn } from '../../../harness/tune/refusal.ts';

const NOW_MS = Date.parse('2026-01-01T00:00:00Z');
const refusal = (status: number, headers: Record<string, string> = {}) =>
  refusalIn(status, (name) => headers[name], NOW_MS);

test('429 and 503 refuse, with and without Retry-After', () => {
  assert.deepEqual(refusal(429), { what: '429', byRate: true, waitMs: 0 });
  assert.deepEqual(refusal(503, { 'retry-after': '2' }), { what: '503', byRate: false, waitMs: 2000 });
});

test('Retry-After may be a date, and one that has passed asks for no wait', () => {
  assert.equal(refusal(429, { 'retry-after': 'Thu, 01 Jan 2026 00:00:10 GMT' })?.waitMs, 10_000);
  assert.equal(refusal(429, { 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' })?.waitMs, 0);
  assert.equal(refusal(429, { 'retry-after': 'soon' })?.waitMs, 0);
});

test('an answer that succeeds refuses by Retry-After or by an exhausted quota', () => {
  assert.equal(refusal(200), null);
  assert.equal(refusal(500), null);
  assert.equal(refusal(200, { 'retry-after': '1' })?.what, 'Retry-After');
  assert.equal(refusal(200, { 'x-ratelimit-remaining': '1' }), null);
  assert.deepEqual(refusal(200, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7' }), {
    what: 'an exhausted quota',
    byRate: true,
    waitMs: 7000,
  });
  const inAMinute = String(NOW_MS / 1000 + 60);
  assert.equal(refusal(200, { 'ratelimit-remaining': '0', 'ratelimit-reset': inAMinute })?.waitMs, 60_000);
});
