import assert from 'node:assert/strict';
import {
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
import { after, test } from 'node:test';
import { startPeer } from '../../../../harness/measure/process/peer-process.ts';
import { findPeers } from '../../../../harness/measure/process/peers.ts';
import { checkRuntimes, runtimeFolders } from '../../../../harness/measure/process/runtimes.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures/peers');
const ROOT = join(import.meta.dirname, '../../../..');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-runtimes-'));
after(() => rmSync(scratch, { recursive: true }));

/** What a peer says first; it then waits until stdin ends. */
const READY = `console.log('{"ready": true, "versions": {"mine": "1.2.3"}, "strategies": {"crawl": ["serial"]}}');
process.stdin.resume();`;
const NODE = JSON.stringify(process.execPath);
const VERSION = `version: { args: ['--version'], least: '20.0.0' }`;
const FIND = `find: (names) => names.filter((name) => name.endsWith('_peer.js')).map((file) => ({ id: file.slice(0, -8), file }))`;
const START = 'start: ({ program, file }) => ({ command: program, args: [file] })';
const WHOLE = `export default { program: ${NODE}, ${VERSION}, ${FIND}, ${START} };`;

let folders = 0;
/** A folder of peers with these files; a null manifest is left out. */
function runtimeFolder(
  name: string,
  manifest: string | null,
  files: Readonly<Record<string, string>> = {},
): string {
  const folder = join(scratch, String(++folders), name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  if (manifest !== null) writeFileSync(join(folder, 'runtime.js'), manifest);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return folder;
}
const find = (...given: string[]) => findPeers({ folders: given, cache: join(scratch, 'cache') });

test('the folders with a manifest are runtimes, and no others', () => {
  assert.deepEqual(
    runtimeFolders(FIXTURES),
    ['javascript', 'python', 'shell'].map((name) => join(FIXTURES, name)),
  );
  assert.deepEqual(runtimeFolders(ROOT), []);
});

test('two runtimes offer peers at once, with versions of their own and as plain data', async () => {
  const one = runtimeFolder('one', WHOLE, { 'a_peer.js': READY, 'helper.js': '' });
  const other = runtimeFolder(
    'other',
    WHOLE.replace('args: [file]', "args: ['--no-warnings', file], env: { MINE: 'yes' }"),
    {
      'b_peer.js': READY,
    },
  );
  const { found, skipped } = await find(one, other);
  assert.deepEqual(skipped, []);
  assert.deepEqual(structuredClone(found), [
    {
      id: 'a',
      runtime: 'one',
      command: { command: process.execPath, args: [join(one, 'a_peer.js')] },
      versions: { one: process.versions.node, mine: '1.2.3' },
      strategies: { crawl: ['serial'] },
    },
    {
      id: 'b',
      runtime: 'other',
      command: {
        command: process.execPath,
        args: ['--no-warnings', join(other, 'b_peer.js')],
        env: { MINE: 'yes' },
      },
      versions: { other: process.versions.node, mine: '1.2.3' },
      strategies: { crawl: ['serial'] },
    },
  ]);
});

test('one file may serve several runtimes, which start it with programs of their own', async () => {
  const shared = runtimeFolder('shared', null, { 'peer.js': READY });
  const manifest = (id: string) =>
    `export default { program: ${NODE}, ${START}, find: () => [{ id: '${id}', file: ${JSON.stringify(join(shared, 'peer.js'))} }] };`;
  const { found } = await findPeers({
    folders: [runtimeFolder('old', manifest('old')), runtimeFolder('new', manifest('new'))],
    programs: { old: process.argv0 },
    cache: scratch,
  });
  assert.deepEqual(
    found.map(({ id, command, versions }) => [id, command.command, versions]),
    [
      ['old', process.argv0, { mine: '1.2.3' }],
      ['new', process.execPath, { mine: '1.2.3' }],
    ],
  );
});

test('a runtime without its program skips its own peers alone', async () => {
  const here = runtimeFolder('here', WHOLE, { 'a_peer.js': READY });
  const absent = runtimeFolder('absent', WHOLE.replace(NODE, "'no-such-program'"), { 'b_peer.js': READY });
  const { found, skipped } = await find(absent, here);
  assert.deepEqual(
    found.map(({ id }) => id),
    ['a'],
  );
  assert.deepEqual(skipped, [
    {
      id: 'b',
      reason:
        'no-such-program cannot be started (spawn no-such-program ENOENT); --runtime absent=PATH names another.',
    },
  ]);
});

test('of several lines of one runtime each takes its own versions alone', async () => {
  const past = runtimeFolder('past', WHOLE.replace("least: '20.0.0'", "least: '18.0.0', below: '19.0.0'"), {
    'a_peer.js': READY,
  });
  const { skipped } = await find(past);
  assert.deepEqual(skipped, [
    {
      id: 'a',
      reason: `${process.execPath} is v${process.versions.node}; --runtime past=PATH names another, of at least 18.0.0 and below 19.0.0.`,
    },
  ]);
});

test('a runtime says how its program is installed, unless the user named another', async () => {
  const manifest = WHOLE.replace(NODE, "'no-such-program', install: 'apt-get install it adds it'");
  const absent = runtimeFolder('absent', manifest, { 'a_peer.js': READY });
  const reason =
    'no-such-program cannot be started (spawn no-such-program ENOENT); apt-get install it adds it.';
  assert.deepEqual((await find(absent)).skipped, [{ id: 'a', reason }]);
  const named = await findPeers({ folders: [absent], programs: { absent: 'nor-this' }, cache: scratch });
  assert.match(named.skipped[0]!.reason, /--runtime absent=PATH names another\.$/);
});

test('a peer may have a program of its own, whose version is asked; --runtime is told to find', async () => {
  const old = join(scratch, 'old-node');
  writeFileSync(old, '#!/bin/sh\necho v18.1.0\n', { mode: 0o755 });
  const lines = `find: (names, program) => program === undefined
    ? [{ id: 'old', file: 'a.js', program: ${JSON.stringify(old)} }, { id: 'new', file: 'a.js', program: ${NODE} }]
    : [{ id: 'given', file: 'a.js' }]`;
  const folder = runtimeFolder('lines', WHOLE.replace(FIND, lines), { 'a.js': READY });
  const { found, skipped } = await find(folder);
  assert.deepEqual(
    found.map(({ id, command }) => [id, command.command]),
    [['new', process.execPath]],
  );
  assert.deepEqual(skipped, [
    { id: 'old', reason: `${old} is v18.1.0; --runtime lines=PATH names another, of at least 20.0.0.` },
  ]);
  const given = await findPeers({ folders: [folder], programs: { lines: process.execPath }, cache: scratch });
  assert.deepEqual(
    given.found.map(({ id }) => id),
    ['given'],
  );
});

test('only the named runtimes and peers are looked for, and an unknown name is refused', async () => {
  const one = runtimeFolder('one', WHOLE, { 'a_peer.js': READY, 'b_peer.js': READY });
  const other = runtimeFolder('other', WHOLE, { 'c_peer.js': READY });
  const idsOf = async (...only: string[]) => {
    const { found } = await findPeers({ folders: [one, other], cache: scratch, only });
    return found.map(({ id }) => id);
  };
  assert.deepEqual(await idsOf('one'), ['a', 'b']);
  assert.deepEqual(await idsOf('b', 'other'), ['b', 'c']);
  await assert.rejects(idsOf('one', 'perl'), {
    message: 'There is no peer or runtime "perl"; there are one, other, a, b, c.',
  });
});

test('a peer may say how its client is set, and fields that Overlap does not know are left out', async () => {
  const settings = [{ name: 'pool', value: '5', default: '1', why: 'One is too few.', more: 1 }];
  const said = {
    ready: true,
    strategies: { crawl: ['serial'] },
    client: 'mine',
    settings,
    reconnects: 'Yes.',
    x: 1,
  };
  const peer = `console.log(${JSON.stringify(JSON.stringify(said))}); process.stdin.resume();`;
  const [found] = (await find(runtimeFolder('told', WHOLE, { 'a_peer.js': peer }))).found;
  const { client, settings: kept, reconnects, ...others } = found!;
  assert.deepEqual([client, reconnects], ['mine', 'Yes.']);
  assert.deepEqual(kept, [{ name: 'pool', value: '5', default: '1', why: 'One is too few.' }]);
  assert.deepEqual(Object.keys(others).sort(), ['command', 'id', 'runtime', 'strategies', 'versions']);
});

test('a library that is missing is named, with what the manifest says of it', async () => {
  const lacking = { 'a_peer.js': `console.log('{"ready": false, "missing": "libmagic"}')` };
  const silent = runtimeFolder('silent', WHOLE, lacking);
  assert.deepEqual((await find(silent)).skipped, [
    { id: 'a', reason: 'a needs libmagic, which is not installed.' },
  ]);
  const helpful = runtimeFolder(
    'helpful',
    WHOLE.replace(START, `${START}, missing: (library) => \`apt-get install \${library} adds it.\``),
    lacking,
  );
  assert.deepEqual((await find(helpful)).skipped, [{ id: 'a', reason: 'apt-get install libmagic adds it.' }]);
});

test('an id that two peers share is refused', async () => {
  const one = runtimeFolder('one', WHOLE, { 'same_peer.js': READY });
  const other = runtimeFolder('other', WHOLE, { 'same_peer.js': READY });
  await assert.rejects(find(one, other), {
    message: 'Two peers are called same: one of one and one of other; rename one of them.',
  });
});

test('a runtime that is not there is refused, as are two of one name', () => {
  const [one, other] = ['/a/python', '/b/go'];
  assert.throws(() => checkRuntimes([one, other], { pyhton: 'python3' }), {
    message: 'There is no runtime "pyhton"; there are python, go.',
  });
  assert.throws(() => checkRuntimes([], { go: 'go' }), {
    message: 'There is no runtime "go"; the project has no runtimes.',
  });
  assert.throws(() => checkRuntimes([one, '/c/python']), {
    message: 'Two runtimes are called python: /a/python and /c/python; rename one of the folders.',
  });
});

for (const [what, manifest, sentence] of [
  ['is not there', null, 'FOLDER has no runtime.ts or runtime.js that says how its peers are started.'],
  ['throws', 'throw new Error("no luck\\nat all");', 'FILE cannot be loaded: no luck.'],
  [
    'has no default export',
    'export const program = 1;',
    'FILE has no runtime as its default export; it should satisfy PeerRuntime.',
  ],
  [
    'lacks its program',
    `export default { ${FIND}, ${START} };`,
    'FILE has no program, which must be a string.',
  ],
  [
    'lacks find',
    `export default { program: ${NODE}, ${START} };`,
    'FILE has no find, which must be a function.',
  ],
  [
    'lacks start',
    `export default { program: ${NODE}, ${FIND} };`,
    'FILE has no start, which must be a function.',
  ],
  [
    'has an unknown part',
    WHOLE.replace('program:', 'prepair: () => {}, program:'),
    'FILE has a part "prepair"; a runtime has program, version, find, prepare, start, missing, install.',
  ],
  [
    'throws when it is to find',
    `export default { program: ${NODE}, find: () => { throw new Error('lost'); }, ${START} };`,
    'FILE failed in find: lost.',
  ],
  [
    'starts nothing',
    `export default { program: ${NODE}, ${FIND}, start: ({ file }) => ({ args: [file] }) };`,
    'FILE failed in start: it returned no command and args for a.',
  ],
  [
    'throws when it is to start',
    `export default { program: ${NODE}, ${FIND}, start: () => { throw new Error('stuck'); } };`,
    'FILE failed in start: stuck.',
  ],
] as const)
  test(`a manifest that ${what} is one sentence`, async () => {
    const folder = runtimeFolder('broken', manifest, { 'a_peer.js': READY });
    const message = sentence.replace('FOLDER', folder).replace('FILE', join(folder, 'runtime.js'));
    await assert.rejects(find(folder), { message });
  });

/** A runtime with a compiler, which copies the source and counts its calls in a file. */
const COMPILER = `import { appendFileSync, copyFileSync } from 'node:fs';
appendFileSync(process.env.CALLS, 'x');
const said = { bad: 'Compiling\\nbad_peer.js:1: unexpected end\\n', worse: 'Compiling\\nerror[E1]: no x here\\nFor more, ask.\\n' };
for (const [name, text] of Object.entries(said))
  if (process.argv[2].includes(name)) { console.error(text); process.exit(1); }
copyFileSync(process.argv[2], process.argv[3]);`;
const compiled = (folder: string) => `
import { join } from 'node:path';
export default { program: ${NODE}, ${VERSION}, ${FIND},
  prepare: ({ program, file, output }, run) => run({ command: program,
    args: [join(import.meta.dirname, 'compiler.js'), file, join(output, 'built.mjs')], env: { CALLS: ${JSON.stringify(join(folder, 'calls'))} } }),
  start: ({ program, output }) => ({ command: program, args: [join(output, 'built.mjs')] }),
};`;

test('a peer is built before it starts, and again only when its sources change', async () => {
  const counted = runtimeFolder('counted', null);
  const folder = runtimeFolder('compiled', compiled(counted), {
    'compiler.js': COMPILER,
    'good_peer.js': READY,
  });
  const calls = () => (existsSync(join(counted, 'calls')) ? readFileSync(join(counted, 'calls')).length : 0);
  const first = await find(folder);
  assert.deepEqual(first.skipped, []);
  assert.equal(calls(), 1);
  const { process: running } = await startPeer('good', first.found[0]!.command);
  running.kill();
  assert.deepEqual((await find(folder)).found, first.found);
  assert.equal(calls(), 1);
  writeFileSync(join(folder, 'good_peer.js'), `${READY}\n// Changed.`);
  const second = await find(folder);
  assert.equal(calls(), 2);
  assert.notDeepEqual(second.found[0]!.command.args, first.found[0]!.command.args);
});

test('peers of one file share a build', async () => {
  const counted = runtimeFolder('counted', null);
  const twice = compiled(counted).replace(
    FIND,
    `find: () => ['one', 'two'].map((id) => ({ id, file: 'a_peer.js' }))`,
  );
  const folder = runtimeFolder('twice', twice, { 'compiler.js': COMPILER, 'a_peer.js': READY });
  const { found } = await find(folder);
  assert.deepEqual(
    found.map(({ id }) => id),
    ['one', 'two'],
  );
  assert.equal(readFileSync(join(counted, 'calls')).length, 1);
});

test("a peer that cannot be built is skipped with the compiler's reason, and leaves nothing", async () => {
  const counted = runtimeFolder('counted', null);
  const folder = runtimeFolder('failing', compiled(counted), {
    'compiler.js': COMPILER,
    'bad_peer.js': '',
    'worse_peer.js': '',
    'good_peer.js': READY,
  });
  const { found, skipped } = await find(folder);
  assert.deepEqual(
    found.map(({ id }) => id),
    ['good'],
  );
  assert.deepEqual(skipped, [
    { id: 'bad', reason: 'bad could not be built (bad_peer.js:1: unexpected end).' },
    { id: 'worse', reason: 'worse could not be built (error[E1]: no x here).' },
  ]);
  assert.deepEqual(
    readdirSync(join(scratch, 'cache/failing')).map((name) => name.replace(/-.*/, '')),
    ['good_peer.js'],
  );
});
