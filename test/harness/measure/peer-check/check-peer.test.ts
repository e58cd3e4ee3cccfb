import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { hashOf } from '../../../../benchmarks/clients/hash.ts';
import { checkPeer, resultsOn } from '../../../../harness/measure/peer-check/check-peer.ts';
import { RULES } from '../../../../harness/measure/peer-check/rules.ts';
import { type CheckResult, stageOf } from '../../../../harness/measure/peer-check/stage.ts';
import { type CheckTargets, openCheckTargets } from '../../../../harness/measure/peer-check/targets.ts';
import { HASHES } from '../../../../harness/measure/peer-check/work.ts';
import type { PeerCommand } from '../../../../harness/model/peer.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { until } from '../../../fixtures/processes.ts';
import { skipSlow } from '../../../fixtures/slow.ts';

const kind = await kinds.load('latency');

/** A signal that is never aborted. */
const { signal: never } = new AbortController();
const PEERS = join(import.meta.dirname, '../../../fixtures/peers');
const PLAIN = join(PEERS, 'javascript/plain.js');
/** The time limit for a working peer: the harness's own. */
const PATIENT_MS = 30_000;
/** The time limit for a peer that stays silent or does not end. */
const IMPATIENT_MS = 5000;

async function check(
  command: PeerCommand,
  { limitMs = PATIENT_MS, only = '', signal = never } = {},
): Promise<CheckResult[]> {
  const wanted = (name: string) => name.startsWith(only);
  return Array.fromAsync(checkPeer(command, { kind, limitMs, signal, wanted }));
}

const node = (...args: string[]) => ({ command: process.execPath, args });

/** Whether any process has this among its arguments. */
function runs(token: string): boolean {
  return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).includes(token);
}

const REFUSALS = [
  'run before open',
  'close before open',
  'open twice',
  'run after close',
  'an unknown command',
  'a line that is no JSON',
  'an unknown strategy',
  'an unknown workload',
  'a target that answers 500',
  'a target that is not there',
];
const ENDINGS = [
  'end of stdin before open',
  'end of stdin after open',
  'end of stdin while it runs',
  'stdout is closed',
  'SIGINT',
  'its parent dies before open',
  'its parent dies while it runs',
];

const hasPython =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
for (const { language, command, strategies, skip } of [
  {
    language: 'JavaScript',
    command: node(PLAIN),
    strategies: ['serial', 'semaphore', 'promise-all'],
    skip: false,
  },
  {
    language: 'shell',
    command: { command: 'bash', args: [join(PEERS, 'shell/crawler.sh')] },
    strategies: ['serial'],
    skip: process.platform === 'linux' ? skipSlow : 'the script reads the /proc of Linux',
  },
  {
    language: 'Python',
    command: { command: 'python3', args: [join(PEERS, 'python/good_peer.py')] },
    strategies: ['serial'],
    skip: hasPython ? skipSlow : 'there is no Python of at least 3.11 here',
  },
])
  test(`a peer in ${language} passes every check`, { skip }, async () => {
    const results = await check(command);
    assert.deepEqual(
      results.filter(({ rule }) => rule !== null),
      [],
    );
    assert.deepEqual(
      results.map(({ name }) => name),
      ['starts', ...strategies.map((name) => `crawl by ${name}`), ...REFUSALS, ...ENDINGS],
    );
    assert.equal(results[0]!.detail, `crawl by ${strategies.join(', ')}`);
    assert.equal(results[1]!.detail, '6 requests, at most 1 in flight, connections: 1');
  });

test('the hashes that a peer must come to are those of our own rows', () => {
  assert.deepEqual(
    HASHES,
    HASHES.map((_, job) => hashOf({ job, cost: 4 })),
  );
});

/** One fault, the check that must notice it, what that says, and the rule that it quotes. */
const FAULTS: readonly (readonly [
  fault: string,
  check: string,
  detail: RegExp,
  rule: keyof typeof RULES,
  limitMs?: number,
])[] = [
  ['never starts', 'starts', /^It gave no answer for 1 s\.$/, 'patience', 1000],
  ['lacks a library', 'starts', /^It lacks no-such-library; install that and check again\.$/, 'start'],
  ['chatters', 'crawl by serial', /^It said "Hello\.", which is no answer\.$/, 'answer'],
  [
    'says something else',
    'crawl by serial',
    /^It said .*open.*, which is no answer \(must have .* opened\)\.$/,
    'answer',
  ],
  ['hangs', 'crawl by serial', /^It gave no answer for 5 s\.$/, 'patience', IMPATIENT_MS],
  ['leaves out a job', 'crawl by serial', /^The target served 5 requests instead of 6\.$/, 'requests'],
  ['does a job twice', 'crawl by serial', /^The target served 7 requests instead of 6\.$/, 'requests'],
  ['forgets the name', 'crawl by serial', /^A request without a run reached the target\.$/, 'requests'],
  [
    'ignores the limit',
    'crawl by serial',
    /^The target saw 2 requests in flight, and the limit is 1\.$/,
    'requests',
  ],
  ['is cold', 'crawl by serial', /^1 connection was opened during the sample instead of 0\.$/, 'connections'],
  [
    'counts seconds',
    'crawl by serial',
    /^It took \d\.\d+ ms, less than the \d+\.\d+ ms that are possible/,
    'wall',
  ],
  [
    'counts microseconds',
    'crawl by serial',
    /^Its wallMs is \d{6,}.*, and Overlap waited \d+\.\d+ ms\.$/,
    'wall',
  ],
  [
    'counts nanoseconds of the CPU',
    'crawl by serial',
    /^Its cpuMs is \d{5,}(\.\d+)?, after \d+\.\d+ ms\.$/,
    'cpu',
  ],
  [
    'sums otherwise',
    'crawl by serial',
    /^Its checksum is [0-9a-f]{8}, and should be [0-9a-f]{8}\.$/,
    'checksum',
  ],
  [
    'keeps its connections',
    'crawl by serial',
    /^Connections were still open 5 s after close\.$/,
    'close',
    IMPATIENT_MS,
  ],
  ['runs before it is open', 'run before open', /^It said .*wallMs/, 'errors'],
  ['closes before it is open', 'close before open', /^It said .*closed/, 'errors'],
  ['opens twice', 'open twice', /^It said .*opened/, 'errors'],
  ['takes any command', 'an unknown command', /^It said /, 'errors'],
  ['takes any line', 'a line that is no JSON', /^It said /, 'errors'],
  ['takes any strategy', 'an unknown strategy', /^It said .*opened/, 'errors'],
  ['takes any answer', 'a target that answers 500', /^It said .*wallMs/, 'errors'],
  ['ends wrong orders well', 'run before open', /^It ended with exit code 0 \(it is not open\)\.$/, 'errors'],
  [
    'dies without a word',
    'run before open',
    /^It ended with exit code 1 and said nothing on stderr\.$/,
    'errors',
  ],
  ['explains on stdout', 'run before open', /^It said "it is not open"\.$/, 'errors'],
  ['outlives its stdin', 'end of stdin before open', /^It still ran after 5 s\.$/, 'stdin', IMPATIENT_MS],
  ['ends badly', 'end of stdin before open', /^It ended with exit code 1\.$/, 'stdin'],
  ['outlives its stdout', 'stdout is closed', /^It still ran after 5 s\.$/, 'stdout', IMPATIENT_MS],
  ['interruptible', 'SIGINT', /^It was killed by SIGINT\.$/, 'interrupt'],
  [
    'finishes its batch first',
    'its parent dies while it runs',
    /^It still ran after 5 s\.$/,
    'parent',
    IMPATIENT_MS,
  ],
];

/** The selected check is the only broken one, with this rule and these words. */
function assertNoticed(
  results: readonly CheckResult[],
  [, name, detail, rule]: (typeof FAULTS)[number],
): void {
  const broken = results.filter((result) => result.rule !== null);
  assert.deepEqual(
    broken.map((result) => [result.name, result.rule]),
    [[name, RULES[rule]]],
  );
  assert.match(broken[0]!.detail, detail);
}

describe('a peer with one fault', { skip: skipSlow }, () => {
  let targets: CheckTargets;
  before(async () => {
    targets = await openCheckTargets(kind, never);
  });
  after(() => targets.close());
  for (const fault of FAULTS.filter(([, , , , limitMs]) => limitMs === undefined))
    test(`that ${fault[0]} is noticed`, async () => {
      const stage = stageOf(targets, node(PLAIN, fault[0]), PATIENT_MS, never);
      assertNoticed(await Array.fromAsync(resultsOn(stage, (name) => name === fault[1])), fault);
    });
});

describe('a peer whose fault is seen by waiting', { concurrency: true, skip: skipSlow }, () => {
  for (const fault of FAULTS.filter(([, , , , limitMs]) => limitMs !== undefined))
    test(`that ${fault[0]} is noticed`, async () => {
      const [name, only, , , limitMs = 0] = fault;
      assertNoticed(await check(node(PLAIN, name), { only, limitMs }), fault);
    });
});

test('a peer that cannot start, or offers nothing, is reported and not checked further', async () => {
  assert.deepEqual(await check({ command: 'no-such-program', args: [] }), [
    {
      name: 'starts',
      detail: 'It could not be started: spawn no-such-program ENOENT.',
      rule: RULES.start,
    },
  ]);
  const idle = `console.log('{"ready": true, "strategies": {}}'); process.stdin.resume()`;
  assert.deepEqual(await check(node('-e', idle)), [
    { name: 'starts', detail: 'It offers no strategy.', rule: RULES.start },
  ]);
});

test('work that the document does not describe is ordered, and only its answers are checked', async () => {
  const own = `
    let step = 0;
    const answers = { open: { opened: true }, run: { wallMs: 0, cpuMs: 0, computeMs: 0, checksum: '00000000' }, close: { closed: true } };
    console.log('{"ready": true, "strategies": {"nap": ["once"]}}');
    require('node:readline').createInterface({ input: process.stdin }).on('line', (line) =>
      console.log(JSON.stringify(answers[JSON.parse(line).do])));`;
  const [, nap] = await check(node('-e', own), { only: 'nap by once' });
  assert.deepEqual(nap, {
    name: 'nap by once',
    detail:
      '0 requests, at most 0 in flight, connections: 0; Overlap does not know this workload, so check these numbers yourself',
    rule: null,
  });
});

test('no process is left: at the end, after the caller stops, and after an abort', async () => {
  const token = `left-by-${process.pid}`;
  await check(node(PLAIN, 'outlives its stdin', token), { only: 'end of stdin before', limitMs: 1000 });
  await until('the end of a stubborn peer', () => !runs(token));

  for await (const _ of checkPeer(node(PLAIN, '', token), { kind, limitMs: PATIENT_MS, signal: never }))
    break;
  await until('the end of an unwanted peer', () => !runs(token));

  const abort = new AbortController();
  const hanging = check(node(PLAIN, 'hangs', token), { only: 'crawl by serial', signal: abort.signal });
  await until('a peer to stop', () => runs(token));
  abort.abort(new Error('Enough.'));
  await assert.rejects(hanging, { message: 'Enough.' });
  await until('the end of an aborted peer', () => !runs(token));
});
