import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type RunRecord, writeRecord } from '../../harness/record.ts';
import { run } from '../fixtures/command.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-merge-'));
after(() => rmSync(scratch, { recursive: true }));

/** A directory with the record of one shard. */
function shard(name: string, record: RunRecord): string {
  const directory = join(scratch, name);
  mkdirSync(directory);
  writeRecord(directory, record);
  return directory;
}

const crawl = shard('crawl', madeUpRecord(TENFOLD));

test('a shard in which an experiment errored ends with 1, and its reason', async () => {
  const lost = {
    ...madeUpRecord([], { id: 'yielding' }),
    rounds: 6,
    status: 'errored',
    reason: 'It hung.',
  } as const;
  const out = join(scratch, 'errored');
  const { code, err } = await run('merge', crawl, shard('lost', lost), '--out', out);
  assert.equal(code, 1);
  assert.equal(err, 'Error: yielding errored: It hung.\n');
});
