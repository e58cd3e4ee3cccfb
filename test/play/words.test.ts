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

test('a result names its strategy, and says what was gained beside one after the other', () => {
  assert.equal(
    statusAfter({ strategy: 'semaphore', limit: 10 }, 4000),
    'Done: semaphore took 1.02 s for 10 requests, at most 1 in flight. ' +
      'One after the other takes about 4.00 s: this is 3.92x as fast and saves 2.98 s.',
  );
  assert.match(
    statusAfter({ strategy: 'batches', limit: 10 }, 1000),
    /^Done: batches took .* about 1\.00 s: this is 0\.980x as fast\.$/,
  );
});

test('what runs one after the other is not compared with itself', () => {
  const expected = (strategy: string) =>
    `Done: ${strategy} took 1.02 s for 10 requests, at most 1 in flight. That is one after the other: no waiting was hidden.`;
  assert.equal(statusAfter({ strategy: 'serial' }), expected('serial'));
  assert.equal(statusAfter({ strategy: 'semaphore', limit: 1 }), expected('semaphore'));
  assert.match(statusAfter({ strategy: 'serial' }, 0), /There was no waiting to hide\.$/);
});

/** The result of ten jobs with 20 ms of CPU work each, whose loop was once this late. */
function statusWithDelay(strategy: (typeof DEFAULTS)['strategy'], delayMs: number): string {
  const choices = { ...DEFAULTS, strategy, requests: 10, sliceMs: 20 };
  const view = newView({ type: 'preparing', choices, limit: 10, serialMs: 1200 });
  view.begun = true;
  for (const [job, jobView] of view.jobs.entries())
    Object.assign(jobView, { computingMs: job * 20, computedMs: job * 20 + 20 });
  view.loopDelay.push({ x: 100, y: 5 }, { x: 200, y: delayMs });
  view.end = { wallMs: 300, answers: 10, target: { requests: 10, peakInFlight: 10, connections: 10 } };
  return statusOf(view);
}

test('with CPU work, the result says whether the loop stayed free', () => {
  assert.match(
    statusWithDelay('interleaved', 22),
    /The event loop stayed free: it was at most 22\.0 ms late\.$/,
  );
  assert.match(
    statusWithDelay('promise-all', 200),
    /was blocked for up to 200 ms: nothing else could run\.$/,
  );
  assert.doesNotMatch(statusAfter({ strategy: 'interleaved' }), /loop/);
});
