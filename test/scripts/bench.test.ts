import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { entriesOf } from '../../harness/measure/plan/round-entries.ts';
import { variantsOf } from '../../harness/measure/plan/variants.ts';
import { findPeers } from '../../harness/measure/process/peers.ts';
import { readRecord, writeRecord } from '../../harness/record/record-files.ts';
import type { Comparison } from '../../harness/report/comparison/comparison.ts';
import { main as bench } from '../../scripts/bench.ts';
import { main as book } from '../../scripts/book.ts';
import { main as charts } from '../../scripts/charts.ts';
import { main as compare } from '../../scripts/compare.ts';
import { main as exportRun } from '../../scripts/export.ts';
import { main as merge } from '../../scripts/merge.ts';
import { main as play } from '../../scripts/play.ts';
import { main as report } from '../../scripts/report.ts';
import { main as serve } from '../../scripts/serve.ts';
import { callHere, run, start } from '../fixtures/command.ts';
import { childrenOf, isAlive, until } from '../fixtures/processes.ts';
import { catalog } from '../fixtures/project.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';
import { skipSlow } from '../fixtures/slow.ts';
import { userProject } from '../fixtures/user-project.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-bench-'));
after(() => rmSync(scratch, { recursive: true }));
let directories = 0;
const newDirectory = () => join(scratch, `run-${++directories}`);

/** A run that is in its second measured round, with the processes it consists of. */
async function startedRun(context: TestContext) {
  const out = newDirectory();
  const { child, output, ended } = start('bench', [
    'crawl',
    '--profile',
    'smoke',
    '--rounds',
    '50',
    '--out',
    out,
  ]);
  context.after(() => child.kill('SIGKILL'));
  await until('a second round', () => /round 2 of 50/.test(output.err), 60_000);
  const children = childrenOf(child.pid!);
  const target = children.find(({ command }) => command.includes('server/latency/main.ts'));
  assert.ok(target !== undefined && children.length === 2);
  return { out, child, ended, target, children };
}

/** Lets a record ask for fewer rounds. */
function shorten(file: string, rounds: number): void {
  const record = JSON.parse(readFileSync(file, 'utf8'));
  for (const variant of record.variants) variant.rounds = Math.min(variant.rounds, rounds);
  writeFileSync(file, JSON.stringify({ ...record, rounds }));
}

const crawlEntry = catalog.find(({ id }) => id === 'crawl')!;
/** How many samples a round of crawl has. */
const PER_ROUND = entriesOf(variantsOf(crawlEntry, 'smoke'), { warmUp: false, round: 1 }).length;

/** What runs in any case; the others take their turn where there is time. */
const ALWAYS = ['crawl', 'hash-and-save'];

/** A run in smoke, with all that is made of it. */
async function smoke(...args: readonly string[]) {
  const directory = newDirectory();
  const given = ['--profile', 'smoke', '--report', 'on', '--tables', '--out', directory];
  return { directory, ...(await run('bench', ...args, ...given)) };
}

let firstSmoke: ReturnType<typeof smoke> | undefined;
/** The one run in smoke that several tests look at: whichever comes first has it made. */
function madeInSmoke(): ReturnType<typeof smoke> {
  firstSmoke ??= smoke(...ALWAYS);
  return firstSmoke;
}

function checkSmoke(
  ids: readonly string[],
  { directory, code, out, err }: Awaited<ReturnType<typeof smoke>>,
): void {
  assert.equal(code, 0, err);
  const summary: SummaryJson = JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8'));
  assert.deepEqual(
    summary.experiments.map(({ id, status }) => [id, status]),
    ids.map((id) => [id, 'ok']),
  );
  // A path is as long as it is.
  for (const line of out.split('\n')) assert.ok(line.length <= 80 || line.includes(directory), line);
  for (const { id, rows, finding, chartTitles } of summary.experiments) {
    const file = join(directory, `${id}.json`);
    const { status, samples, words } = readRecord(file);
    assert.equal(status, 'ok');
    assert.ok(samples.every(({ failure }) => failure === null));
    assert.ok(readFileSync(file).length < 2_000_000);
    assert.deepEqual([words?.finding?.headline, words?.chartTitles], [finding, chartTitles]);
    for (const row of rows) {
      assert.ok((row.efficiency > 0 || row.boundMs === 0) && row.efficiency <= 1);
      assert.ok(out.includes(row.variant));
    }
    assert.ok(finding !== '' && out.replaceAll('\n', ' ').includes(finding));
  }
  assert.deepEqual(readdirSync(join(directory, 'charts')).sort(), ids.flatMap(picturesOf).sort());
}

/** The fields of `summary.json` that are looked at here. */
interface SummaryJson {
  readonly experiments: readonly {
    readonly id: string;
    readonly status: string;
    readonly finding: string;
    readonly chartTitles: Readonly<Record<string, string>>;
    readonly rows: readonly {
      readonly variant: string;
      readonly efficiency: number;
      readonly boundMs: number;
    }[];
  }[];
}

function picturesOf(id: string): string[] {
  const { charts } = catalog.find((entry) => entry.id === id)!.experiment;
  return charts.map(({ view }, index) => (index === 0 ? `${id}.png` : `${id}-${view}.png`));
}

test(`${ALWAYS.join(' and ')} run in smoke: every check holds, and every output is there`, async () => {
  checkSmoke(ALWAYS, await madeInSmoke());
});

for (const { id } of catalog.filter((entry) => !ALWAYS.includes(entry.id)))
  test(`${id} runs in smoke: every check holds, and every output is there`, { skip: skipSlow }, async () => {
    checkSmoke([id], await smoke(id));
  });

test('semaphore@100 has 100 in flight at its peak and never more, and every job arrives once', {
  skip: skipSlow,
}, async () => {
  // A busy machine may send the last of them after the first answer.
  for (let look = 1; look <= 5; look++) {
    const out = newDirectory();
    await run('bench', 'crawl', '--profile', 'quick', '--rounds', '1', '--out', out);
    const record = readRecord(join(out, 'crawl.json'));
    const variant = record.variants.findIndex(({ id }) => id === 'semaphore@100');
    const { peakInFlight, ...target } = record.samples.find((it) => it.variant === variant)!.target;
    const { jobs } = record.variants[variant]!;
    assert.deepEqual(target, { requests: jobs, connectionsUsed: 100, connectionsOpened: 0 });
    assert.ok(peakInFlight <= 100);
    if (peakInFlight === 100) return;
  }
  assert.fail('There were never 100 in flight.');
});

/** What is made of the records of {@link madeInSmoke}. */
const MADE = [
  'summary.json',
  'summary.md',
  'summary.csv',
  'report.html',
  ...ALWAYS.flatMap(picturesOf).map((name) => join('charts', name)),
];
const readMade = (directory: string) => MADE.map((name) => readFileSync(join(directory, name)));

test('charts makes the same bytes again as bench did, and with --svg the same pictures as SVG', async () => {
  const { directory } = await madeInSmoke();
  const copy = newDirectory();
  mkdirSync(copy);
  for (const id of ALWAYS) cpSync(join(directory, `${id}.json`), join(copy, `${id}.json`));
  const { code, err } = await callHere(charts, copy, '--svg');
  assert.equal(code, 0, err);
  assert.deepEqual(readMade(copy), readMade(directory));
  const pictures = ALWAYS.flatMap(picturesOf);
  assert.deepEqual(
    readdirSync(join(copy, 'charts')).sort(),
    pictures.flatMap((name) => [name, name.replace('png', 'svg')]).sort(),
  );
});

let firstKept: Promise<string> | undefined;
/** A project with a run that proves something and that was kept as a baseline: whichever test comes first has it made. */
function projectWithBaseline(): Promise<string> {
  firstKept ??= makeBaseline();
  return firstKept;
}

async function makeBaseline(): Promise<string> {
  const root = newDirectory();
  mkdirSync(root);
  const experiments = [join(import.meta.dirname, '../../benchmarks/crawl.ts')];
  writeFileSync(join(root, 'overlap.config.json'), JSON.stringify({ experiments }));
  const given = ['--project', root, '--profile', 'smoke', '--rounds', '6'];
  const args = ['crawl', ...given, '--save-baseline', '--report', 'on'];
  // By chance alone one run in twenty is not to be trusted, and then there is no baseline.
  for (let look = 1; look <= 5; look++) {
    const { code, out, err } = await run('bench', ...args);
    if (code === 0) {
      assert.match(out, /^Kept as a baseline in .*baseline: crawl\.$/m);
      return root;
    }
    assert.match(err, /^The run is not saved as a baseline, because it cannot be trusted; run it again\.$/m);
    assert.equal(existsSync(join(root, 'results/baseline')), false);
  }
  assert.fail('There was never a run to be trusted.');
}

test('a baseline that was saved is what compare takes by itself, and what was measured is no change to it', async () => {
  const root = await projectWithBaseline();
  assert.deepEqual(readdirSync(join(root, 'results/baseline')), ['crawl.json']);
  const json = join(root, 'comparison.json');
  const same = await callHere(compare, '--project', root, '--json', json);
  assert.equal(same.code, 0, same.err);
  const { rows } = JSON.parse(readFileSync(json, 'utf8')) as Pick<Comparison, 'rows'>;
  assert.ok(rows.some(({ variant }) => variant === 'promise-all'));
  for (const { verdict, ratio } of rows) {
    assert.ok(verdict === 'unchanged' || verdict === 'inconclusive', verdict);
    assert.equal(ratio.value, 1);
  }
  const later = newDirectory();
  mkdirSync(later);
  const record = readRecord(join(root, 'results/latest/crawl.json'));
  const serial = record.variants.findIndex(({ baseline }) => baseline);
  const slower = record.samples.map((sample) =>
    sample.variant === serial ? sample : { ...sample, wallMs: 1e6 },
  );
  writeRecord(later, { ...record, samples: slower });
  const regressed = await callHere(compare, '--project', root, join(root, 'results/baseline'), later);
  assert.equal(regressed.code, 3, regressed.err);
});

test('a run that is copied to a project without experiments is drawn with all its words', async () => {
  const measured = join(await projectWithBaseline(), 'results/latest');
  const empty = newDirectory();
  const copy = join(empty, 'run');
  mkdirSync(copy, { recursive: true });
  writeFileSync(join(empty, 'package.json'), '{}');
  cpSync(join(measured, 'crawl.json'), join(copy, 'crawl.json'));
  const drawn = await callHere(charts, copy, '--project', empty);
  assert.deepEqual([drawn.code, drawn.err], [0, '']);
  const [pictures, texts] = [
    picturesOf('crawl'),
    ['summary.json', 'summary.md', 'summary.csv', 'report.html'],
  ];
  assert.deepEqual(
    drawn.out.trimEnd().split('\n'),
    pictures.map((name) => join(copy, 'charts', name)),
  );
  // As the project has it that measured, which knows the experiment.
  const made = [...texts, ...pictures.map((name) => join('charts', name))];
  const bytes = (directory: string) => made.map((name) => readFileSync(join(directory, name)));
  assert.deepEqual(bytes(copy), bytes(measured));
  const { words } = readRecord(join(copy, 'crawl.json'));
  const summary: SummaryJson = JSON.parse(readFileSync(join(copy, 'summary.json'), 'utf8'));
  const [{ finding, chartTitles } = assert.fail()] = summary.experiments;
  assert.deepEqual([finding, chartTitles], [words?.finding?.headline, words?.chartTitles]);
  const args = [copy, '--project', empty];
  const shown = await start('report', args, undefined, { PATH: '', BROWSER: '' }).ended;
  assert.equal(shown.out, `${join(copy, 'report.html')}\n`);
  // Without the record's there would be others.
  writeRecord(copy, { ...readRecord(join(copy, 'crawl.json')), words: null });
  assert.equal((await callHere(charts, copy, '--project', empty)).code, 0);
  assert.notDeepEqual(bytes(copy), bytes(measured));
});

for (const [what, args, sentence] of [
  ['an unknown experiment', ['nonsense'], /^There is no experiment "nonsense"; there are .*crawl.*\.\n$/],
  ['an unknown option', ['--fast'], /^error: unknown option '--fast'\n/],
  [
    'an unknown profile',
    ['--profile', 'huge'],
    /^There is no profile "huge"; there are smoke, quick, book\.\n$/,
  ],
  ['rounds of 0', ['--rounds', '0'], /'0' is invalid\. It must be a whole number from 1 to 1000\.\n$/],
  ['rounds of -3', ['--rounds', '-3'], /'-3' is invalid\. It must be a whole number/],
  ['rounds of "many"', ['--rounds', 'many'], /'many' is invalid\. It must be a whole number/],
  ['an empty --out', ['--out', ''], /^--out must name a directory\.\n$/],
  ['a seed that is not a whole number', ['--seed', '1.5'], /'1\.5' is invalid/],
  [
    'an unknown runtime',
    ['--runtime', 'pyhton=python3'],
    /^There is no runtime "pyhton"; there are .*\bpython\b.*\.\n$/,
  ],
  [
    'a runtime without a path',
    ['--runtime', 'python'],
    /'python' is invalid\. It must be a name and a path, as/,
  ],
] as const)
  test(`${what} is refused in one sentence, and nothing is written`, async () => {
    const out = newDirectory();
    const { code, err } = await callHere(bench, '--out', out, ...args);
    assert.equal(code, 1);
    assert.match(err, sentence);
    assert.equal(err.trim().split('\n').length, 1);
    assert.equal(existsSync(out), false);
  });

test('--runtime names the program of a runtime, and --python that of Python', async () => {
  // Other runtimes may need a compiler, which takes minutes.
  const folders = [join(import.meta.dirname, '../../benchmarks/peers/python')];
  const { skipped } = await findPeers({ folders, programs: { python: 'no-such-python' }, cache: scratch });
  const { reason } = skipped.find(({ id }) => id === 'aiohttp')!;
  assert.match(reason, /^no-such-python cannot be started/);
  for (const option of [
    ['--runtime', 'python=no-such-python'],
    ['--python', 'no-such-python'],
  ]) {
    const { code, err } = await callHere(
      bench,
      'crawl',
      '--peers',
      'python',
      ...option,
      '--out',
      newDirectory(),
    );
    assert.equal(code, 1);
    assert.equal(err, `--peers python: ${skipped[0]!.id} cannot run. ${skipped[0]!.reason}\n`);
  }
});

test('a directory with other files is refused, and keeps them', async () => {
  const out = newDirectory();
  mkdirSync(out);
  writeFileSync(join(out, 'package.json'), '{}');
  const { code, err } = await callHere(bench, 'crawl', '--profile', 'smoke', '--out', out);
  assert.equal(code, 1);
  assert.match(
    err,
    /package\.json is not a record of an earlier run and would be lost; choose another directory\.\n$/,
  );
  assert.deepEqual(readdirSync(out), ['package.json']);
});

test('an --out that cannot be written is refused', async () => {
  const file = join(scratch, 'file');
  writeFileSync(file, '');
  // Nothing can be made in /proc, where mkdir with its recursive option never ends.
  for (const out of [file, join(file, 'below'), '/proc/overlap']) {
    const { code, err } = await callHere(
      bench,
      'crawl',
      '--profile',
      'smoke',
      '--peers',
      'off',
      '--out',
      out,
    );
    assert.equal(code, 1);
    assert.match(err, /^--out .* cannot be written: .*\n$/);
  }
});

/** A directory with a made-up record of one run. */
function made(given: object = {}): string {
  const directory = newDirectory();
  mkdirSync(directory);
  writeRecord(directory, { ...madeUpRecord(TENFOLD), ...given });
  return directory;
}

test('charts refuses a damaged record and a directory without one', async () => {
  const none = await callHere(charts, newDirectory());
  assert.equal(none.code, 1);
  assert.match(none.err, /^There are no records in .*\n$/);
  const out = made();
  const file = join(out, 'crawl.json');
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 1000));
  const damaged = await callHere(charts, out);
  assert.equal(damaged.code, 1);
  assert.match(damaged.err, /is not JSON, or was cut short.*\n$/);
});

test('charts of two runs are in one picture; other work, or three runs, are refused', async () => {
  const [one, other, out] = [made(), made(), newDirectory()];
  const both = await callHere(charts, one, other, '--out', out);
  assert.equal(both.code, 0, both.err);
  assert.deepEqual(readdirSync(join(out, 'charts')), ['crawl-before-after.png']);
  const third = await callHere(charts, one, other, one);
  assert.deepEqual(
    [third.code, third.err],
    [1, 'Charts need the directory of one run, or of two runs: before and after.\n'],
  );
  const unlike = await callHere(charts, one, made({ profile: 'book' }), '--out', out);
  assert.equal(unlike.code, 2);
  assert.match(unlike.err, /^crawl ran in profile quick before and book now: other work\.\n$/);
});

test('report prints where the page is, and reports a missing browser or page', async () => {
  const none = await callHere(report, newDirectory());
  assert.equal(none.code, 1);
  assert.match(none.err, /^There is no page in .*; npm run bench creates it, .*\n$/);
  const directory = made();
  writeFileSync(join(directory, 'report.html'), '<!doctype html>');
  const { ended } = start('report', [directory], undefined, { PATH: '', BROWSER: '' });
  const { code, out, err } = await ended;
  assert.match(out, /report\.html\n$/);
  assert.equal(code, 1);
  assert.match(err, /^No browser could be started; open file:\/\/\S+ by hand\.\n$/);
  const args = ['crawl', '--open', '--report', 'off', '--out', newDirectory()];
  const refused = await callHere(bench, ...args);
  assert.deepEqual(
    [refused.code, refused.err],
    [1, '--open shows the page, which --report off leaves out.\n'],
  );
});

test('a target that is killed ends the run at once, and finished rounds are kept', async (context) => {
  const { out, ended, target, children } = await startedRun(context);
  const killedMs = performance.now();
  process.kill(target.pid, 'SIGKILL');
  const { code, err } = await ended;
  // A process that is silent is given a minute.
  assert.ok(performance.now() - killedMs < 20_000);
  assert.equal(code, 1);
  assert.match(err, /Error: The target was killed by SIGKILL\.\n$/);
  const record = readRecord(join(out, 'crawl.json'));
  assert.equal(record.status, 'errored');
  assert.ok(record.words?.finding);
  assert.ok(record.samples.length >= PER_ROUND && record.samples.length % PER_ROUND === 0);
  assert.ok(children.every(({ pid }) => !isAlive(pid)));
});

test('an interrupt ends the run with 130, keeps finished rounds, and --resume continues it', async (context) => {
  const { out, child, ended, children } = await startedRun(context);
  const file = join(out, 'crawl.json');
  assert.equal(readRecord(file).words, null);
  child.kill('SIGINT');
  assert.equal((await ended).code, 130);
  assert.ok(children.every(({ pid }) => !isAlive(pid)));
  const { status, samples, words } = readRecord(file);
  assert.equal(status, 'interrupted');
  assert.ok(words?.finding);
  assert.deepEqual(
    Object.keys(words.chartTitles),
    crawlEntry.experiment.charts.map(({ view }) => view),
  );
  assert.ok(samples.length >= PER_ROUND && samples.length % PER_ROUND === 0);

  const other = await callHere(bench, '--rounds', '3', '--peers', 'off', '--out', out, '--resume');
  assert.equal(other.code, 1);
  assert.equal(
    other.err,
    '--rounds 3 contradicts the run to resume, which has 50 rounds; leave it out, or start again without --resume.\n',
  );

  const rounds = samples.length / PER_ROUND + 1;
  shorten(file, rounds);
  const resumed = await run('bench', '--resume', '--out', out);
  assert.equal(resumed.code, 0, resumed.err);
  const record = readRecord(file);
  assert.equal(record.status, 'ok');
  assert.deepEqual(record.samples.slice(0, samples.length), samples);
  assert.equal(record.samples.length, samples.length + PER_ROUND);
});

test('a conductor that is killed leaves no process behind', async (context) => {
  const { child, ended, children } = await startedRun(context);
  child.kill('SIGKILL');
  await ended;
  await until('their end', () => children.every(({ pid }) => !isAlive(pid)), 20_000);
});

test('an experiment that runs only when named does not run otherwise', async () => {
  const root = userProject({
    'named.overlap.ts': [
      "import { defineExperiment } from 'overlap-bench';",
      "export default defineExperiment({ title: 'Named', question: 'Which?', onlyWhenNamed: true, charts: [],",
      '  profiles: { quick: { rounds: 6, warmUpRounds: 0 } }, variants: () => [] });',
    ].join('\n'),
  });
  const { code, err } = await callHere(bench, '--project', root);
  assert.equal(code, 1);
  assert.match(err, /Each experiment here runs only when it is named; there are named\./);
});

test('--list and --help measure nothing', async () => {
  const list = await callHere(bench, '--list');
  assert.equal(list.code, 0);
  assert.match(list.out, /^crawl: .*\?$/m);
  assert.match(list.out, /^adaptive: .*\? \(runs only when named\)$/m);
  const commands = { bench, book, charts, compare, export: exportRun, merge, play, report, serve };
  for (const [name, main] of Object.entries(commands)) {
    const { code, out } = await callHere(main, '--help');
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^Usage: npm run (-s )?${name} -- `));
  }
});
