import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { plain } from '../../../harness/findings/general.ts';
import { RecordError, readRecord } from '../../../harness/record/record-files.ts';
import { Incomparable } from '../../../harness/report/comparison/comparability.ts';
import { compareRuns } from '../../../harness/report/comparison/comparison.ts';
import { comparisonText } from '../../../harness/report/comparison/comparison-table.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const directory = mkdtempSync(join(tmpdir(), 'overlap-damaged-'));
after(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'crawl.json');
const whole = madeUpRecord(TENFOLD);
const text = JSON.stringify(whole);

const random = xoroshiro128plus(6);
const draw = (below: number) => uniformInt(random, 0, below - 1);

/** Every place in a value, as the object that holds it and its key there. */
function placesOf(value: unknown): { holder: Record<string, unknown>; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
}

const WRONG = [null, 'text', '', -1, 0, 1e308, 1e-320, 1.5, true, [], {}, [[]], Number.MAX_SAFE_INTEGER];

const DAMAGES: Readonly<Record<string, () => string>> = {
  cut: () => text.slice(0, draw(text.length)),
  'with bytes changed': () => {
    const bytes = Buffer.from(text);
    for (let count = 0; count <= draw(3); count++) bytes[draw(bytes.length)] = draw(256);
    return bytes.toString('latin1');
  },
  'with a field less': () => {
    const record = structuredClone(whole);
    const places = placesOf(record);
    const { holder, key } = places[draw(places.length)]!;
    delete holder[key];
    return JSON.stringify(record);
  },
  'with a field of another type': () => {
    const record = structuredClone(whole);
    const places = placesOf(record);
    const { holder, key } = places[draw(places.length)]!;
    holder[key] = WRONG[draw(WRONG.length)];
    return JSON.stringify(record);
  },
  'with NaN or infinity as a number': () => text.replace(/:\d+(\.\d+)?/, draw(2) === 0 ? ':NaN' : ':1e999'),
};

for (const [how, damage] of Object.entries(DAMAGES))
  test(`100 records ${how}: each is refused in one sentence, or compared`, () => {
    for (let count = 0; count < 100; count++) {
      const damaged = damage();
      writeFileSync(file, damaged);
      try {
        const record = readRecord(file);
        summarise([record], () => ({ finding: () => plain('Faster.') }));
        assert.match(comparisonText(compareRuns([whole], [record], { margin: 0.05 })), /; 1 row\./);
      } catch (error) {
        assert.ok(error instanceof RecordError || error instanceof Incomparable, `${damaged}\n${error}`);
        assert.equal(error.message.trim().split('\n').length, 1);
      }
    }
  });
