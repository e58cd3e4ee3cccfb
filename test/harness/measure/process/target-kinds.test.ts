import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findTargetKinds } from '../../../../harness/measure/process/target-kinds.ts';
import { kinds } from '../../../fixtures/kinds.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-kinds-'));
after(() => rmSync(scratch, { recursive: true }));

/** A folder with the source of a kind, or with none. */
function folderOf(name: string, source?: string): string {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  if (source !== undefined) writeFileSync(join(folder, 'kind.js'), source);
  return folder;
}

/** A kind whose parts are right but for those given, as source. */
function sourceOf(parts: string): string {
  return `
    import { Type } from '${import.meta.resolve('typebox')}';
    const right = { options: Type.Object({}), missing: () => null, witness: null, detached: false };
    export default { ...right, program: import.meta.filename, putAwayLimitMs: 0, elsewhere: null, ${parts} };`;
}

test('kinds have the names of their folders, and folders without a kind are ignored', () => {
  assert.deepEqual(kinds.names, ['latency', 'postgresql', 'relay']);
  const folders = [folderOf('plain', sourceOf('')), folderOf('shared')];
  assert.deepEqual(findTargetKinds(folders).names, ['plain']);
});

test('a kind is loaded once, when it is asked for', async () => {
  const found = findTargetKinds([
    folderOf('counted', sourceOf('loads: globalThis.loads = (globalThis.loads ?? 0) + 1')),
  ]);
  const loads = () => (globalThis as { loads?: number }).loads;
  assert.equal(loads(), undefined);
  const kind = await found.load('counted');
  assert.equal(await found.load('counted'), kind);
  assert.deepEqual([kind.name, loads()], ['counted', 1]);
});

test('an unknown kind is refused with those that there are', async () => {
  await assert.rejects(kinds.load('redis'), {
    message: 'there is no target kind "redis"; there are latency, postgresql, relay.',
  });
  await assert.rejects(findTargetKinds([]).load('redis'), {
    message: 'there is no target kind "redis"; there are no kinds.',
  });
});

test('two folders of one name are refused when that kind is asked for', async () => {
  const folders = [
    folderOf('a/twin', sourceOf('')),
    folderOf('b/twin', sourceOf('')),
    folderOf('fine', sourceOf('')),
  ];
  const found = findTargetKinds(folders);
  assert.equal((await found.load('fine')).name, 'fine');
  await assert.rejects(
    found.load('twin'),
    /^Error: two folders are the target kind "twin", .*a.twin.kind\.js and .*b.twin.kind\.js; rename one\.$/,
  );
});

test('a module that throws is named with what it threw, in one line', async () => {
  const found = findTargetKinds([folderOf('throwing', `throw new Error('no luck\\nat all');`)]);
  await assert.rejects(
    found.load('throwing'),
    /^Error: .*throwing.kind\.js cannot be loaded \(Error: no luck\)\.$/,
  );
});

const WRONG_PARTS = [
  ['program: undefined', 'program must be the absolute path of a file, and is missing.'],
  ['program: "main.ts"', 'program must be the absolute path of a file, and is "main.ts".'],
  ['options: { rows: 1 }', 'options must be a schema made by Type.Object, and is something else.'],
  ['checkOptions: 1', 'checkOptions must be a function, or left out, and is 1.'],
  ['capacity: 10', 'capacity must be a function, or left out, and is 10.'],
  ['missing: null', 'missing must be a function, and is something else.'],
  ['witness: undefined', 'witness must be the absolute path of a file, or null, and is missing.'],
  ['detached: "no"', 'detached must be true or false, and is "no".'],
  ['putAwayLimitMs: -1', 'putAwayLimitMs must be a number of ms, 0 or more, and is -1.'],
  ['elsewhere: 0', 'elsewhere must be an object with example, originOf and check, or null, and is 0.'],
  [
    'elsewhere: { check() {} }',
    'elsewhere must be an object with example, originOf and check, or null, and is something else.',
  ],
] as const;

for (const [index, [source, sentence]] of WRONG_PARTS.entries())
  test(`a kind is refused whose part is wrong: ${source}`, async () => {
    const folder = folderOf(`wrong-${index}`, sourceOf(source));
    await assert.rejects(findTargetKinds([folder]).load(`wrong-${index}`), {
      message: `${join(folder, 'kind.js')} is not a target kind: ${sentence}`,
    });
  });

test('a module without a default export lacks every part', async () => {
  const found = findTargetKinds([folderOf('empty', 'export const nothing = 1;')]);
  await assert.rejects(found.load('empty'), /empty.kind\.js is not a target kind: program must be /);
});
