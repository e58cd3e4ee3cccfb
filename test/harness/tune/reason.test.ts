import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StepFigures } from '../../../harness/tune/steps.ts';
import { answerOf } from '../../../harness/tune/tune-answer.ts';
import { answerSentence, reasonSentence } from '../../../harness/tune/tune-words.ts';
import { searchStation } from '../../fixtures/tune/figures.ts';

/** The answer of a search whose steps have further figures. */
function answerWith(figuresAt: (limit: number) => Partial<StepFigures>, station = {}) {
  const steps = searchStation({ capacity: 8, holdMs: 20, ...station });
  return answerOf(
    steps.map((step) => ({ ...step, figures: { ...step.figures, ...figuresAt(step.limit) } })),
    256,
  )!;
}

test('a limit in the client is what is in flight at the sockets, if that stays below what was asked', () => {
  const answer = answerWith((limit) => ({ peakAtSockets: Math.min(limit, 8) }));
  assert.deepEqual([answer.reason, answer.limit], ['hidden-limit', 8]);
  assert.match(reasonSentence(answer), /^The client has a hidden limit of 8: /);
  assert.equal(answerWith((limit) => ({ peakAtSockets: limit })).reason, 'saturated');
});

test('jobs that also wait for other things are no limit in the client', () => {
  for (const share of [0.3, 0.5, 0.7]) {
    const answer = answerWith((limit) => ({ peakAtSockets: Math.ceil(share * limit) }));
    assert.equal(answer.reason, 'saturated', String(share));
  }
});

test('without HTTP, sockets are the limit if their number is the knee', () => {
  assert.equal(answerWith((limit) => ({ peakSockets: Math.min(limit, 8) })).reason, 'hidden-limit');
  assert.equal(answerWith((limit) => ({ peakSockets: Math.min(limit, 3) })).reason, 'saturated');
});

test('a busy client is named before the target', () => {
  const answer = answerWith(() => ({ loopUtilization: 0.97 }), { crosstalk: 0.05 });
  assert.equal(answer.reason, 'client-cpu');
  assert.match(reasonSentence(answer), /^The client's CPU is busy for 97 % of the time\. /);
  assert.equal(answerWith(() => ({ loopUtilization: 0.89 })).reason, 'saturated');
});

test('a client that is busy before it sends has no hidden limit', () => {
  const answer = answerWith((limit) => ({ peakAtSockets: Math.min(limit, 8), cpuShare: 0.95 }));
  assert.equal(answer.reason, 'client-cpu');
});

test('files that are used up are named, with their code', () => {
  const answer = answerWith((limit) => (limit >= 16 ? { exhausted: 'EMFILE', perSecond: null } : {}));
  assert.deepEqual(
    [answer.reason, answer.limit, answer.detail, answer.refusedAt],
    ['files', 8, 'EMFILE', 16],
  );
  assert.match(
    reasonSentence(answer),
    /no more files or ports at 16 \(EMFILE\)\. Raise its limit with ulimit -n\.$/,
  );
});

test('failures above 1 % are a refusal, and fewer are not', () => {
  const failing = (failed: number) =>
    answerWith((limit) =>
      limit >= 16 ? { failed, succeeded: 1000 - failed, failure: 'it answered 500' } : {},
    );
  assert.deepEqual(
    [failing(11).reason, failing(11).limit, failing(11).detail],
    ['refused', 8, 'it answered 500'],
  );
  assert.equal(failing(10).reason, 'saturated');
});

test('the sentences say the answer first, then its interval and its reason', () => {
  const answer = answerWith(() => ({}));
  assert.equal(answerSentence(answer), 'Use 8 at once (8 to 8).');
  assert.equal(
    reasonSentence(answer),
    'More than that queues at the target: 16 gained 0 % (0 to 0 %) throughput and took 2.00 times as long.',
  );
  const slower = answerWith(() => ({}), { crosstalk: 0.1 });
  assert.match(
    reasonSentence(slower),
    /^More makes the target slower: \d+ lost \d+ % \(\d+ to \d+ %\) throughput /,
  );
});
