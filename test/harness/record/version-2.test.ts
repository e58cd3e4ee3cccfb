import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { RecordError, readRecord, writeRecord } from '../../../harness/record/record-files.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { terminalTable } from '../../../harness/report/table.ts';
import { terminalGolden } from '../../fixtures/golden.ts';

/** What hash-and-save measured with version 2, of which three rows are kept, with metrics and a warning put in. */
const FILE = join(import.meta.dirname, '../../fixtures/records/version-2/hash-and-save.json');
const text = readFileSync(FILE, 'utf8');
const old = JSON.parse(text);
const record = readRecord(FILE);
const scratch = mkdtempSync(join(tmpdir(), 'overlap-version-2-'));
after(() => rmSync(scratch, { recursive: true }));

/** Reads a record of version 2 that is changed. */
function readChanged(change: (json: typeof old) => void): ReturnType<typeof readRecord> {
  const changed = structuredClone(old);
  change(changed);
  const file = join(scratch, 'hash-and-save.json');
  writeFileSync(file, JSON.stringify(changed));
  return readRecord(file);
}

test('a peer of version 2 is told by its id, which stood among the parameters', () => {
  assert.equal(old.schemaVersion, 2);
  assert.equal(record.schemaVersion, 3);
  assert.deepEqual(
    record.variants.map(({ id, peer, nearest, parameters }) => ({ id, peer, nearest, parameters })),
    [
      { id: 'serial', peer: null, nearest: undefined, parameters: { cost: 8 } },
      { id: 'interleaved', peer: null, nearest: undefined, parameters: { cost: 8 } },
      { id: 'aiohttp interleaved', peer: 'aiohttp', nearest: 'interleaved', parameters: { cost: 8 } },
    ],
  );
});

test('the columns of version 2 are metrics with headings, and other figures of samples have no heading', () => {
  const metric = (name: string, unit: string, heading?: string) => ({
    ...{ name, unit, better: 'neither' },
    ...(heading === undefined ? {} : { heading }),
  });
  assert.deepEqual(record.metrics, [
    metric('computeMs', 'ms', 'CPU work'),
    metric('heapPerJobBytes', 'bytes', 'heap'),
    metric('wastedShare', 'share', 'wasted'),
    metric('EMFILEAttempts', 'count', 'EMFILE'),
    metric('latencyP50Ms', 'ms'),
    metric('requestsPerYield', 'count'),
    metric('goodputPerSecond', 'per second'),
  ]);
  assert.ok(!('columns' in record));
});

test('attempts that a sample of version 2 did not count were 0, and all else is as it was', () => {
  const attempts = record.samples
    .filter(({ variant }) => variant === 1)
    .map(({ metrics }) => metrics.EMFILEAttempts);
  assert.deepEqual(attempts.toSorted(), [0, 0, 0, 0, 3, 3, 4, 4, 5, 5, 6, 6]);
  assert.deepEqual(
    record.samples.map(({ metrics: { EMFILEAttempts, ...metrics }, ...sample }) => ({ ...sample, metrics })),
    old.samples.map(({ metrics: { EMFILEAttempts, ...metrics }, ...sample }: (typeof record.samples)[0]) => ({
      ...sample,
      metrics,
    })),
  );
});

test('warnings, target and words of version 2 are those of version 3', () => {
  assert.deepEqual(record.environment.warnings, [{ what: old.environment.warnings[0], remedy: '' }]);
  assert.equal(record.environment.project, null);
  assert.deepEqual(record.targets, { server: { kind: 'latency' } });
  assert.equal(record.words, null);
});

test('a target of version 2 that named its kind keeps it', () => {
  const { targets } = readChanged((json) => {
    json.targets = { server: { capacity: 9 }, base: { kind: 'postgresql' } };
  });
  assert.deepEqual(targets, { server: { kind: 'latency', capacity: 9 }, base: { kind: 'postgresql' } });
});

test('what was read of version 2 is written as version 3, and read again', () => {
  writeRecord(scratch, record);
  assert.deepEqual(readRecord(join(scratch, 'hash-and-save.json')), record);
});

test('a record of version 2 gives a whole table', (t) => {
  const [experiment] = summarise([record], () => undefined).experiments;
  terminalGolden(t, 'report/table-version-2.txt', terminalTable(experiment!));
});

for (const [version, sentence] of [
  [1, 'has schema version 1, and this Overlap reads versions 2 and 3.'],
  [4, 'has schema version 4, and this Overlap reads versions 2 and 3: a newer release reads it.'],
  ['2', 'has schema version "2", and this Overlap reads versions 2 and 3.'],
  [undefined, 'has schema version none, and this Overlap reads versions 2 and 3.'],
] as const)
  test(`a record of version ${JSON.stringify(version)} is refused in one sentence`, () => {
    const file = join(scratch, 'hash-and-save.json');
    assert.throws(
      () => readChanged((json) => Object.assign(json, { schemaVersion: version })),
      (error: Error) => error instanceof RecordError && error.message === `${file} ${sentence}`,
    );
  });

for (const [what, change, place] of [
  ['no variants', (json) => delete json.variants, '/variants must be array.'],
  ['a variant that is a number', (json) => json.variants.push(7), '/variants/3 must be object.'],
  [
    'a peer that is a number',
    (json) => Object.assign(json.variants[2], { peer: 3 }),
    '/variants/2/peer must be ',
  ],
  ['a peer without its name', (json) => delete json.variants[2].parameters.peer, '/variants/2/peer must be '],
  [
    'a heading that is a number',
    (json) => Object.assign(json.columns[1], { heading: 4 }),
    '/metrics/1/heading must be string.',
  ],
  ['a column of no metric', (json) => delete json.columns[1].metric, '/metrics/1'],
  ['a sample that is null', (json) => json.samples.splice(2, 0, null), '/samples/2 must be object.'],
  ['no columns', (json) => delete json.columns, '/metrics must be array.'],
  ['a column that is a number', (json) => json.columns.push(7), '/metrics/4 must be object.'],
  ['columns that are a text', (json) => Object.assign(json, { columns: 'CPU' }), '/metrics must be array.'],
  [
    'a metric that is a text',
    (json) => Object.assign(json.samples[3].metrics, { a: 'b' }),
    '/samples/3/metrics/a must be number.',
  ],
  ['samples that are an object', (json) => Object.assign(json, { samples: {} }), '/samples must be array.'],
  [
    'a warning that is a number',
    (json) => json.environment.warnings.push(1),
    '/environment/warnings/1/what must be string.',
  ],
  [
    'no environment',
    (json) => delete json.environment,
    'the whole must have required properties environment.',
  ],
  ['targets that are a list', (json) => Object.assign(json, { targets: [] }), '/targets must be object.'],
] as [string, (json: typeof old) => void, string][])
  test(`a record of version 2 with ${what} is refused with the place that is wrong`, () => {
    assert.throws(
      () => readChanged(change),
      (error: Error) => {
        assert.ok(error instanceof RecordError, `${error.stack}`);
        const { message } = error;
        assert.ok(message.includes(`hash-and-save.json is not a record: ${place}`), message);
        assert.equal(message.split('\n').length, 1);
        return true;
      },
    );
  });
