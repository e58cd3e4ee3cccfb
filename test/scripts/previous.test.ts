import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { readRecords, writeRecord } from '../../harness/record/record-files.ts';
import { keepBaseline } from '../../scripts/baseline.ts';
import { main as merge } from '../../scripts/merge.ts';
import { setAside } from '../../scripts/previous.ts';
import { callHere, said, start } from '../fixtures/command.ts';
import { project } from '../fixtures/project.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';

const RESULTS = project.results;
const scratch = mkdtempSync(join(tmpdir(), 'overlap-previous-'));
after(() => rmSync(scratch, { recursive: true }));
const unmeasured = { ...madeUpRecord([]), rounds: 6, status: 'running' } as const;

let directories = 0;
/** A directory of results with these records. */
function resultsWith(...records: Parameters<typeof writeRecord>[1][]): string {
  const directory = join(scratch, `run-${++directories}`);
  mkdirSync(directory);
  for (const record of records) writeRecord(directory, record);
  return directory;
}

/** Lets a run's record be as old as if it had ended at that second. */
function endedAt(directory: string, second: number): void {
  utimesSync(join(directory, 'crawl.json'), second, second);
}

test('an earlier run is moved with its report, and other files stay', () => {
  const record = madeUpRecord(TENFOLD);
  const directory = resultsWith(record);
  for (const name of ['summary.md', 'report.html', 'notes.txt']) writeFileSync(join(directory, name), name);
  mkdirSync(join(directory, 'charts'));
  writeFileSync(join(directory, 'charts/crawl.png'), 'png');
  endedAt(directory, 0);
  const place = setAside(directory, RESULTS);
  assert.equal(place, join(directory, 'previous', `1970-01-01T00-00-00Z-${basename(directory)}`));
  assert.deepEqual(readRecords(place), [record]);
  assert.deepEqual(readdirSync(place, { recursive: true }).sort(), [
    'charts',
    join('charts', 'crawl.png'),
    'crawl.json',
    'report.html',
    'summary.md',
  ]);
  assert.deepEqual(readdirSync(directory).sort(), ['charts', 'notes.txt', 'previous']);
  assert.equal(setAside(directory, RESULTS), null);
});

test("the last five of each directory are kept, and the user's own files always", () => {
  const directory = resultsWith();
  const [previous, name] = [join(directory, 'previous'), basename(directory)];
  for (let second = 0; second < 8; second++) {
    writeRecord(directory, madeUpRecord(TENFOLD));
    endedAt(directory, second);
    const place = setAside(directory, RESULTS);
    if (second === 1) writeFileSync(join(place!, 'notes.txt'), 'mine');
  }
  mkdirSync(join(previous, 'something else'));
  const kept = readdirSync(previous).filter((entry) => existsSync(join(previous, entry, 'crawl.json')));
  assert.deepEqual(
    kept.sort(),
    [3, 4, 5, 6, 7].map((second) => `1970-01-01T00-00-0${second}Z-${name}`),
  );
  assert.deepEqual(readdirSync(join(previous, `1970-01-01T00-00-01Z-${name}`)), ['notes.txt']);
  assert.equal(existsSync(join(previous, `1970-01-01T00-00-00Z-${name}`)), false);
});

test('two runs that ended in the same second are both kept', () => {
  const directory = resultsWith();
  const places = [1, 2].map(() => {
    writeRecord(directory, madeUpRecord(TENFOLD));
    endedAt(directory, 5);
    return setAside(directory, RESULTS)!;
  });
  assert.equal(new Set(places).size, 2);
  for (const place of places) assert.equal(readRecords(place).length, 1);
});

test('a run without samples is not kept, and replaces no run with samples', () => {
  const directory = resultsWith(unmeasured);
  assert.equal(setAside(directory, RESULTS), null);
  assert.deepEqual(readdirSync(directory), []);
});

test('runs within results/ are kept in results/previous/, by the name of their directory', () => {
  const name = `test-${process.pid}`;
  const directory = join(RESULTS, name, 'before');
  mkdirSync(directory, { recursive: true });
  let place: string | null = null;
  try {
    writeRecord(directory, madeUpRecord(TENFOLD));
    endedAt(directory, 0);
    place = setAside(directory, RESULTS);
    assert.equal(place, join(RESULTS, 'previous', `1970-01-01T00-00-00Z-${name}-before`));
  } finally {
    rmSync(join(RESULTS, name), { recursive: true });
    if (place !== null) rmSync(place, { recursive: true });
    if (readdirSync(join(RESULTS, 'previous')).length === 0) rmdirSync(join(RESULTS, 'previous'));
  }
});

test('a run that is killed at once, and one that fails, leave the earlier run where they said', async () => {
  const record = madeUpRecord(TENFOLD);
  const out = resultsWith(record);
  const killed = start('bench', ['crawl', '--profile', 'smoke', '--rounds', '50', '--out', out]);
  await said(killed, 'The earlier run is kept in ');
  killed.child.kill('SIGKILL');
  const { err } = await killed.ended;
  const place = /^The earlier run is kept in (.*)\.$/m.exec(err)![1]!;
  assert.deepEqual(readRecords(place), [record]);

  const args = ['database', '--profile', 'smoke', '--out', out];
  const failed = await start('bench', args, undefined, { DATABASE_URL: 'nonsense' }).ended;
  assert.equal(failed.code, 1);
  assert.deepEqual(readRecords(place), [record]);
  assert.deepEqual(
    readRecords(out).map(({ experiment }) => experiment.id),
    ['database'],
  );
});

test('merge keeps what was there, too', async () => {
  const [shard, out] = [
    resultsWith(madeUpRecord(TENFOLD)),
    resultsWith(madeUpRecord(TENFOLD, { id: 'clients' })),
  ];
  const { code, err } = await callHere(merge, shard, '--out', out);
  assert.equal(code, 0, err);
  assert.match(err, /^The earlier run is kept in .*run-\d+\.\n$/);
  assert.deepEqual(
    readRecords(out).map(({ experiment }) => experiment.id),
    ['crawl'],
  );
  const [kept] = readdirSync(join(out, 'previous'));
  assert.deepEqual(readdirSync(join(out, 'previous', kept!)), ['clients.json']);
});

test('a baseline replaces the measured experiments only, and says so', () => {
  const old = [
    madeUpRecord(TENFOLD),
    madeUpRecord(TENFOLD, { id: 'clients' }),
    madeUpRecord(TENFOLD, { id: 'database' }),
  ];
  const directory = resultsWith(...old);
  const bytes = (name: string) => readFileSync(join(directory, `${name}.json`));
  const before = { clients: bytes('clients'), database: bytes('database') };
  const lines: string[] = [];
  const io = { print: (line: string) => void lines.push(line) };
  const fresh = { ...madeUpRecord(TENFOLD), seed: 7 };
  const skipped = { ...unmeasured, status: 'skipped', reason: 'It is not here.' } as const;
  keepBaseline(
    [fresh, { ...skipped, experiment: { ...skipped.experiment, id: 'database' } }],
    directory,
    RESULTS,
    io,
  );

  assert.equal(readRecords(directory).find(({ experiment }) => experiment.id === 'crawl')!.seed, 7);
  assert.deepEqual({ clients: bytes('clients'), database: bytes('database') }, before);
  const [kept] = readdirSync(join(directory, 'previous'));
  assert.deepEqual(readRecords(join(directory, 'previous', kept!)), [old[0]]);
  assert.deepEqual(
    lines.map((line) => line.replaceAll(directory, 'here').replace(/previous\/.*:/, 'previous/…:')),
    [
      'Kept as a baseline in here: crawl.',
      'Replaced, with the old records in here/previous/…: crawl.',
      'Left in here as before: clients, database.',
      'Skipped, so not kept: database.',
    ],
  );
  assert.throws(
    () => keepBaseline([skipped], directory, RESULTS, io),
    /^Error: No experiment was measured, so there is no baseline/,
  );
});
