import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPainter } from '../../../harness/charts/painter.ts';
import type { Drawable, TimeWindow } from '../../../harness/charts/picture.ts';
import type { RecordedTrace } from '../../../harness/record/schema.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const painter = await loadPainter();
const chart = { kind: 'timeline' as const, view: 'timeline' };
const timelineWindow = (of: Drawable) => painter.timeOf(chart, of)!.window;
const timelinePicture = (of: Drawable, window?: TimeWindow) =>
  painter.picture(chart, of, { rows: [] }, { window });
const record = madeUpRecord(TENFOLD);
const none: RecordedTrace['compute'] = { job: [], fromMs: [], toMs: [] };
/** Requests of 10 ms, in sequence or all at once. */
const trace = (variant: number, requests: number, atOnce: boolean): RecordedTrace => ({
  variant,
  arrivedMs: Array.from({ length: requests }, (_, job) => (atOnce ? 0 : job * 10)),
  releasedMs: Array.from({ length: requests }, (_, job) => (atOnce ? 10 : (job + 1) * 10)),
  compute: none,
});
const traced = (...traces: RecordedTrace[]) => ({ ...record, traces });

test('panels of about the same length are shown whole', () => {
  const { fromMs, toMs } = timelineWindow(traced(trace(0, 3, false), trace(1, 3, true)));
  assert.equal(fromMs, 0);
  assert.ok(toMs >= 30 && toMs < 31);
});

test('where one panel is many times as long as the others, its beginning is shown, and the picture says so', () => {
  const long = traced(trace(0, 100, false), trace(1, 100, true), trace(1, 100, true));
  const { toMs } = timelineWindow(long);
  assert.ok(toMs > 10 && toMs < 20);
  assert.match(timelinePicture(long).caption, /The first 12\.5 ms of 1\.00 s\./);
});

test('each request and each piece of CPU work within the window has one bar', () => {
  const bars = (window?: { fromMs: number; toMs: number }) =>
    timelinePicture(traced(trace(0, 10, false), trace(1, 7, true)), window).configuration.data.datasets.map(
      ({ data }) => data.length,
    );
  assert.deepEqual(bars({ fromMs: 0, toMs: 200 }), [10, 0, 7, 0]);
  assert.deepEqual(bars({ fromMs: 45, toMs: 55 }), [2, 0, 0, 0]);
});

test('CPU work that leaves no request in the window says so', () => {
  const job = Array.from({ length: 200 }, (_, index) => index);
  const computing = {
    ...trace(1, 200, true),
    arrivedMs: job.map(() => 2000),
    releasedMs: job.map(() => 2010),
    compute: { job, fromMs: job.map((index) => index * 10), toMs: job.map((index) => index * 10 + 10) },
  };
  // With more than 150 jobs that compute in sequence, the waits would be too thin to see.
  const { toMs } = timelineWindow(traced(computing));
  assert.ok(toMs < 2000, `${toMs}`);
});
