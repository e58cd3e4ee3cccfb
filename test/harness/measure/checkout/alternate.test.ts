import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ratiosOf } from '../../../../harness/findings/finished.ts';
import { alternate, joinRounds } from '../../../../harness/measure/checkout/alternate.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';

test('runs of one round each become one record, in their order', () => {
  const joined = joinRounds(TENFOLD.map((times) => [madeUpRecord([times])]));
  const whole = madeUpRecord(TENFOLD);
  assert.equal(joined.length, 1);
  assert.equal(joined[0]!.rounds, TENFOLD.length);
  assert.deepEqual(joined[0]!.samples, whole.samples);
  assert.deepEqual(
    ratiosOf(joined[0]!).map(({ logs }) => logs),
    ratiosOf(whole).map(({ logs }) => logs),
  );
});

test('no run is no record', () => {
  assert.deepEqual(joinRounds([]), []);
});

/** A checkout whose run writes one record, in place of a Node that measures. */
function fakeCheckout(directory: string) {
  const node = join(directory, 'node');
  writeFileSync(join(directory, 'crawl.json'), JSON.stringify(madeUpRecord(TENFOLD.slice(0, 1))));
  const find = 'while [ "$1" != --out ]; do shift; done';
  writeFileSync(node, `#!/bin/sh\n${find}\nmkdir -p "$2" && cp crawl.json "$2"\n`);
  chmodSync(node, 0o755);
  return { directory, node, remove: async () => {} };
}

test('sides take turns, each round reports both records, and nothing is left after the caller stops', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'overlap-sides-'));
  // Temporary folders of others that run at the same time are not looked at.
  const temporary = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  try {
    const side = fakeCheckout(directory);
    const what = { before: side, after: side, names: [], profile: 'smoke', rounds: 9, seed: 1 } as const;
    const told: string[] = [];
    for await (const event of alternate(what, new AbortController().signal)) {
      if (event.type === 'side started') told.push(`${event.round} ${event.side}`);
      else {
        const { before, after } = event.sides;
        told.push(`${event.round} both`);
        assert.deepEqual([before[0]!.rounds, after[0]!.rounds], [event.round, event.round]);
        if (event.round === 2) break;
      }
    }
    assert.deepEqual(told, ['1 before', '1 after', '1 both', '2 after', '2 before', '2 both']);
    assert.deepEqual(readdirSync(directory).sort(), ['crawl.json', 'node']);
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    rmSync(directory, { recursive: true });
  }
});
