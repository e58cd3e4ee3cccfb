import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ConfigError, openProject } from '../../harness/project.ts';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'overlap-project-')));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** The one sentence that a project is refused with. */
async function refusal(directory: string | undefined, from?: string): Promise<string> {
  const error = await openProject(directory, from).then(
    () => assert.fail('It was not refused.'),
    (error) => error,
  );
  assert.ok(error instanceof ConfigError, String(error));
  assert.match(error.message, /^[^\n]+\.$/);
  return error.message;
}

test('the nearest folder upward with a package.json is the project, with every default', async () => {
  write('package.json', '{}');
  write('node_modules/other/other.overlap.ts', '');
  const files = [write('bench/crawl.overlap.ts', ''), write('queue.overlap.js', '')];
  write('bench/deep/er/keep', '');
  const project = await openProject(undefined, join(root, 'bench/deep/er'));
  assert.equal(project.root, root);
  assert.deepEqual(project.experiments, files);
  assert.equal(project.results, join(root, 'results'));
  assert.deepEqual(project.peers, []);
  assert.deepEqual(project.profiles, ['smoke', 'quick', 'book']);
  assert.equal(project.margin, 0.05);
  assert.ok(project.targets.length > 0, 'Overlap’s own target kinds are there');
});

test('a config nearer than a package.json is the root, and paths start from it', async () => {
  write('package.json', '{}');
  write(
    'sub/overlap.config.json',
    '{"experiments": ["mine/*.ts"], "results": "out", "order": ["b", "a"], "margin": 0.02}',
  );
  const file = write('sub/mine/a.ts', '');
  const project = await openProject(undefined, join(root, 'sub'));
  assert.equal(project.root, join(root, 'sub'));
  assert.deepEqual(project.experiments, [file]);
  assert.equal(project.results, join(root, 'sub/out'));
  assert.deepEqual([project.order, project.margin], [['b', 'a'], 0.02]);
});

test('--project names the root, whatever lies above it', async () => {
  write('package.json', '{}');
  write('sub/keep', '');
  assert.equal((await openProject(join(root, 'sub'))).root, join(root, 'sub'));
  assert.match(await refusal(join(root, 'nowhere')), /nowhere is not a folder/);
});

test('a config is read as TypeScript, JavaScript or JSON, and only one of them', async () => {
  write('package.json', '{"type": "module"}');
  for (const name of ['overlap.config.ts', 'overlap.config.js']) {
    const file = write(name, `export default { results: '${name.slice(-2)}' };`);
    assert.equal((await openProject(root)).results, join(root, name.slice(-2)));
    rmSync(file);
  }
  write('overlap.config.ts', 'export default {};');
  write('overlap.config.json', '{}');
  assert.match(await refusal(root), /has overlap\.config\.ts and overlap\.config\.json; keep one of them/);
});

for (const { what, name = 'overlap.config.json', text, says } of [
  {
    what: 'an unknown key',
    text: '{"experimens": []}',
    says: /there is no setting "experimens"; there are experiments,/,
  },
  { what: 'a value of another type', text: '{"margin": "5 %"}', says: /config\.json: margin must be number/ },
  { what: 'a margin out of range', text: '{"margin": 1}', says: /config\.json: margin must be < 1/ },
  {
    what: 'a folder that is not there',
    text: '{"peers": ["peers/go"]}',
    says: /peers names peers\/go, which does not exist/,
  },
  { what: 'no JSON', text: '{', says: /config\.json cannot be read: / },
  { what: 'no object', text: '[]', says: /config\.json: its default export must be object/ },
  {
    what: 'a module that throws',
    name: 'overlap.config.ts',
    text: 'throw new Error("no\\nluck");',
    says: /config\.ts cannot be read: no\.$/,
  },
  {
    what: 'no default export',
    name: 'overlap.config.ts',
    text: 'export const results = 1;',
    says: /its default export/,
  },
])
  test(`a config with ${what} is refused in one sentence`, async () => {
    write('package.json', '{"type": "module"}');
    write(name, text);
    assert.match(await refusal(root), says);
  });

test('a pattern may match nothing, and folders alone are peers and targets', async () => {
  write('overlap.config.json', '{"peers": ["peers/*"], "targets": ["kinds/*", "none/*"]}');
  write('peers/go/runtime.ts', '');
  write('peers/readme.md', '');
  write('kinds/redis/kind.ts', '');
  const project = await openProject(root);
  assert.deepEqual(project.peers, [join(root, 'peers/go')]);
  assert.ok(project.targets.includes(join(root, 'kinds/redis')));
});

test('where nothing upward is a project, the sentence says what to do', async () => {
  assert.match(
    await refusal(undefined, '/'),
    /No folder from \/ upward has .*; name the folder of a project with --project\./,
  );
});
