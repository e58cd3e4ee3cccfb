import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadPainter } from '../../../../harness/charts/painter.ts';
import { PALETTES } from '../../../../harness/charts/palette.ts';
import { renderPng } from '../../../../harness/charts/render.ts';
import { readRecords } from '../../../../harness/record/record-files.ts';
import { reportPage } from '../../../../harness/report/page/report-page.ts';
import { summarise } from '../../../../harness/report/summary.ts';
import { shownTune } from '../../../../harness/report/tune/shown-tune.ts';
import { tunePicture } from '../../../../harness/report/tune/tune-picture.ts';
import { tunePage, writeTune } from '../../../../harness/report/tune/write-tune.ts';
import { limitRows } from '../../../../harness/tune/limit-rows.ts';
import { readTuneRecord, writeTuneRecord } from '../../../../harness/tune/tune-record.ts';
import { searchStation } from '../../../fixtures/tune/figures.ts';
import { tuneRecord } from '../../../fixtures/tune/record.ts';
import { wholeRecord } from '../../../fixtures/whole-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'overlap-tune-page-'));
after(() => rmSync(folder, { recursive: true }));
const STATION = { capacity: 16, holdMs: 20 };

test('a record is read as it was written, and no other file is taken for one', () => {
  const record = tuneRecord(STATION);
  writeTuneRecord(folder, record);
  assert.deepEqual(readTuneRecord(folder), record);
  assert.deepEqual(readRecords(folder), [], 'it is no record of an experiment');
  assert.equal(readTuneRecord(join(folder, 'nowhere')), null);
  writeFileSync(join(folder, 'tune.json'), JSON.stringify({ ...record, seed: -1 }));
  assert.throws(() => readTuneRecord(folder), /tune\.json is not a record of tune: \/seed /);
  writeFileSync(join(folder, 'tune.json'), '{"schemaVersion":');
  assert.throws(() => readTuneRecord(folder), /is not JSON, or was cut short/);
});

test('a table has at most ten lines, the largest limits', () => {
  const rows = limitRows(searchStation({ capacity: 4000, holdMs: 20 }, 4096));
  assert.deepEqual([rows.length, rows[0]!.limit, rows.at(-1)!.limit], [10, 8, 4096]);
});

test('the picture has the answer as a band, and refusals as crosses', () => {
  const found = tunePicture(shownTune(tuneRecord(STATION)), PALETTES.light);
  assert.match(found.caption, /^Grey line: the answer, 16\. Dashed: the latency of a closed loop/);
  assert.equal(found.configuration.data.datasets.length, 2);
  const refused = tunePicture(shownTune(tuneRecord({ ...STATION, refusesAbove: 20 })), PALETTES.light);
  assert.match(refused.caption, /Crosses: limits that the target refused\.$/);
  assert.deepEqual(refused.configuration.data.datasets[2]!.data, [{ x: 32, y: 0 }]);
  const wide = tunePicture(shownTune(tuneRecord({ ...STATION, noise: 0.1 })), PALETTES.light);
  assert.match(wide.caption, /^Grey band: the answer, \d+ to \d+; the line in it is \d+\./);
  const png = () => renderPng({ title: 'Use 16 at once.', picture: found });
  assert.deepEqual(png(), png());
});

test('the page of a search needs no other file, and the same record gives the same bytes', async () => {
  const record = tuneRecord(STATION, ['Use 16 at once (16 to 16).', 'More than that <queues>.']);
  const page = tunePage(record);
  assert.equal(page, tunePage(record));
  assert.ok(page.includes('<h1>Use 16 at once (16 to 16).</h1>'));
  assert.ok(page.includes('<li>More than that &lt;queues&gt;.</li>'));
  assert.ok(page.includes('<th scope="row">16</th>'));
  assert.doesNotMatch(page.replaceAll(/<script[\s\S]*?<\/script>/g, ''), /(src|href)="(?!#|data:)/);
  assert.equal(await writeTune(folder, record), null);
  assert.equal(readFileSync(join(folder, 'tune.html'), 'utf8'), page);
});

test('the page of a run has a section about a search beside it', async () => {
  const records = [wholeRecord()];
  const summary = summarise(records, () => undefined);
  const painter = await loadPainter();
  const without = reportPage(records, summary, painter);
  assert.doesNotMatch(without, /<section id="tune"/);
  const page = reportPage(records, summary, painter, tuneRecord(STATION));
  assert.match(page, /<section id="tune" [\s\S]*<figure data-tune>/);
  assert.match(page, /"tune":\{"rows":/);
});
