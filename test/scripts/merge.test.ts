import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeRecord } from '../../harness/record/record-files.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import type { Summary } from '../../harness/report/summary.ts';
import { main as merge } from '../../scripts/merge.ts';
import { callHere } from '../fixtures/command.ts';
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
  const { code, err } = await callHere(merge, crawl, shard('lost', lost), '--out', out);
  assert.equal(code, 1);
  assert.equal(err, 'Error: yielding errored: It hung.\n');
});

test('shards of other machines, releases or commits are refused, and with --mixed each says where it ran', async () => {
  const record = madeUpRecord(TENFOLD, { id: 'yielding' });
  const environment = {
    ...record.environment,
    node: '22.19.0',
    cpu: { model: 'another', count: 4 },
    git: { commit: 'b'.repeat(40), dirty: false },
  };
  const elsewhere = shard('elsewhere', { ...record, environment });
  const out = join(scratch, 'mixed');
  const refused = await callHere(merge, crawl, elsewhere, '--out', out);
  assert.equal(refused.code, 1);
  assert.equal(
    refused.err,
    'yielding and crawl differ in their Node, processor, commit; use --mixed to join them, and each experiment names its environment.\n',
  );
  assert.equal(existsSync(out), false);
  const { code, err } = await callHere(merge, '--mixed', crawl, elsewhere, '--out', out);
  assert.equal(code, 0, err);
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
  assert.equal(summary.environment, null);
  assert.deepEqual(
    summary.experiments.map((experiment: Summary['experiments'][number]) => experiment.environment?.node),
    ['24.0.0', '22.19.0'],
  );
});

test('shards that waited on other targets are refused, mixed or not', async () => {
  const remote = { origin: 'http://10.0.0.2:8000', version: '0.1.0', settings: {} };
  const elsewhere = shard('remote', { ...madeUpRecord(TENFOLD, { id: 'yielding' }), remote });
  const { code, err } = await callHere(merge, '--mixed', crawl, elsewhere, '--out', join(scratch, 'remotes'));
  assert.equal(code, 1);
  assert.equal(err, 'yielding and crawl waited on different targets, so these are not shards of one run.\n');
});
