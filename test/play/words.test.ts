import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULTS, inFlightLimit } from '../../play/choices.ts';
import { newView } from '../../play/page/view.ts';
import { statusOf } from '../../play/page/words.ts';

/** What the page says of a run of ten requests of 100 ms that took 1.02 s. */
function statusAfter(given: Partial<typeof DEFAULTS>, serialMs = 1000): string {
  const choices = { ...DEFAULTS, requests: 10, ...given };
  const view = newView({ type: 'preparing', choices, limit: inFlightLimit(choices), serialMs });
  view.begun = true;
  view.end = { wallMs: 1020, answers: 10, target: { requests: 10, peakInFlight: 1, connections: 1 } };
  return statusOf(view);
}

test('what runs one after the other is not compared with itself', () => {
  const expected = 'Done: 10 requests in 1.02 s, at most 1 in flight, one after the other.';
  assert.equal(statusAfter({ strategy: 'serial' }), expected);
  assert.equal(statusAfter({ strategy: 'semaphore', limit: 1 }), expected);
  assert.match(
    statusAfter({ strategy: 'semaphore', limit: 10 }),
    /would take 1\.00 s: 0\.980 times as fast\.$/,
  );
  assert.match(statusAfter({ strategy: 'serial' }, 0), /there was no waiting to hide\.$/);
});
