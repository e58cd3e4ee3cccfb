import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvidence, holdsOf, peakInFlightOf } from '../../../../harness/measure/conduct/evidence.ts';
import type { Evidence, Witness } from '../../../../harness/model/target.ts';

const request = (job: number, arrivedMs: number, startedMs: number | null, releasedMs: number | null) => ({
  job,
  arrivedMs,
  startedMs,
  releasedMs,
});
const evidence: Evidence = {
  timeOriginMs: 0,
  requests: [
    request(0, 100, 100, 110),
    request(1, 105, 110, 120),
    request(2, 110, 120, 132),
    request(3, 140, 140, 150),
  ],
  connections: { used: 2, opened: 0 },
};

test('the most in flight is computed from the requests, if the target did not count them', () => {
  // Job 2 came as job 0 left.
  assert.equal(peakInFlightOf(evidence), 2);
  assert.equal(peakInFlightOf({ ...evidence, peakInFlight: 3 }), 3);
  const unanswered = [request(0, 100, 100, null), request(1, 105, null, null), ...evidence.requests.slice(2)];
  assert.equal(peakInFlightOf({ ...evidence, requests: unanswered }), 3);
  assert.equal(peakInFlightOf({ ...evidence, requests: [] }), 0);
});

test('holds are those of the requests, without their time in the queue', () => {
  assert.deepEqual(holdsOf(evidence), { shortestMs: 10, longestMs: 12, totalMs: 42 });
  assert.deepEqual(holdsOf({ requests: [] }), { shortestMs: 0, longestMs: 0, totalMs: 0 });
});

test("the witness has priority over the batch's evidence; without a witness the batch must have evidence", async () => {
  const seen = { ...evidence, requests: [] };
  const witness: Witness = { forget: async () => {}, inFlight: async () => 0, evidence: async () => seen };
  const batch = { evidence: () => evidence };
  assert.equal(await collectEvidence('crawl/all/1', witness, batch), seen);
  assert.equal(await collectEvidence('crawl/all/1', null, batch), evidence);
  await assert.rejects(collectEvidence('crawl/all/1', null, {}), {
    message:
      'crawl/all/1: what the target saw is unknown: its kind has no witness, and the batch has no evidence.',
  });
});
