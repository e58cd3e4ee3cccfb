import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lossText } from '../../../harness/findings/floor.ts';
import { fastestFinding } from '../../../harness/findings/general.ts';
import { rank } from '../../../harness/findings/judge.ts';
import { madeUpRow } from '../../fixtures/record.ts';

const row = madeUpRow({ variant: 'semaphore@100', efficiency: 0.955 });
const floor = madeUpRow({ variant: 'floor@100', efficiency: 0.975, floor: true });

test('what a row loses to its bound is the runtime’s as far as the floor loses it, and else the client’s', () => {
  assert.equal(
    lossText(row, floor),
    "semaphore@100 loses 4.5 % to its bound: 2.5 % the runtime's (floor@100), 2.0 % the client's.",
  );
  assert.match(
    lossText(row, { ...floor, efficiency: 0.9 }),
    /4\.5 % the runtime's \(floor@100\), 0\.0 % the client's/,
  );
  assert.equal(lossText(row, undefined), '');
  assert.equal(lossText({ ...row, boundMs: 0 }, floor), '');
});

test('a floor is the fastest of no finding', () => {
  const speedup = (value: number) => ({ value, low: value * 0.99, high: value * 1.01 });
  const rows = [
    madeUpRow({ variant: 'serial', baseline: true }),
    { ...row, speedup: speedup(5) },
    { ...floor, speedup: speedup(9) },
  ];
  assert.match(fastestFinding(rows).headline, /^semaphore@100 is 5\.00x/);
  assert.deepEqual(
    rank(rows)!.fastest.map(({ variant }) => variant),
    ['semaphore@100'],
  );
});
