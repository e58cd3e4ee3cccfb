import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAdmission, createTokenBucket } from '../../../server/latency/admission.ts';

test('requests fill the places, then the queue in order, and then it is full', () => {
  const admission = createAdmission(2, 2);
  const started: number[] = [];
  for (let id = 0; id < 4; id++) {
    assert.equal(admission.full(), false);
    admission.enter(() => started.push(id));
  }
  assert.equal(admission.full(), true);
  assert.deepEqual(started, [0, 1]);
  admission.leave();
  assert.deepEqual(started, [0, 1, 2]);
  assert.equal(admission.full(), false);
  assert.equal(admission.waiting(), 1);
});

test('a request that leaves the queue is not started', () => {
  const admission = createAdmission(1, 5);
  const started: string[] = [];
  const impatient = () => started.push('impatient');
  admission.enter(() => started.push('first'));
  admission.enter(impatient);
  admission.enter(() => started.push('patient'));
  admission.abandon(impatient);
  admission.leave();
  assert.deepEqual(started, ['first', 'patient']);
  admission.leave();
  admission.enter(() => started.push('later'));
  assert.equal(started.at(-1), 'later');
});

test('a long queue of requests that leave at once does not overflow the stack', () => {
  const admission = createAdmission(1, Number.POSITIVE_INFINITY);
  let left = 0;
  admission.enter(() => {});
  for (let id = 0; id < 100_000; id++)
    admission.enter(() => {
      left += 1;
      admission.leave();
    });
  admission.leave();
  assert.equal(left, 100_000);
  assert.equal(admission.waiting(), 0);
});

test('a bucket lets a burst through, then its rate, and never saves more than the burst', () => {
  const bucket = createTokenBucket(10, 3);
  assert.deepEqual(
    [0, 0, 0].map((nowMs) => bucket.take(nowMs)),
    [0, 0, 0],
  );
  assert.equal(bucket.take(0), 100);
  assert.equal(bucket.take(50), 50);
  assert.equal(bucket.take(100), 0);
  assert.deepEqual(
    [10_000, 10_000, 10_000].map((nowMs) => bucket.take(nowMs)),
    [0, 0, 0],
  );
  assert.ok(bucket.take(10_000) > 0);
});
