import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ENTRIES, ROOT } from '../../package/manifest.ts';
import { golden } from '../fixtures/golden.ts';

/** A name that an entry exports, and the module that it is from. */
interface Exported {
  readonly name: string;
  readonly isType: boolean;
  readonly from: string;
}

function exportsOf(entry: string): Exported[] {
  const file = join(ROOT, `${entry}.ts`);
  const text = readFileSync(file, 'utf8');
  const statements = [...text.matchAll(/^export (type )?\{([^}]*)\} from '([^']+)';$/gm)];
  // Every export is such a statement, so that none is missed.
  assert.equal(statements.length, text.match(/^export /gm)?.length, entry);
  return statements.flatMap(([, type, names, path]) =>
    names!
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => ({ name, isType: type !== undefined, from: join(dirname(file), path!) })),
  );
}

test('the entries export these names and no others', (context) => {
  const lines = Object.entries(ENTRIES).flatMap(([name, entry]) => [
    `overlap-bench${name.slice(1)}`,
    ...exportsOf(entry)
      .map(({ name, isType }) => `  ${isType ? 'type ' : ''}${name}`)
      .sort(),
  ]);
  golden(context, 'package/entries.txt', `${lines.join('\n')}\n`);
});

for (const [name, entry] of Object.entries(ENTRIES)) {
  test(`overlap-bench${name.slice(1)} exports the values that it lists`, async () => {
    const module = await import(pathToFileURL(join(ROOT, `${entry}.ts`)).href);
    const values = exportsOf(entry).filter(({ isType }) => !isType);
    assert.ok(values.length > 0);
    assert.deepEqual(Object.keys(module).sort(), values.map(({ name }) => name).sort());
  });

  test(`overlap-bench${name.slice(1)} has a doc comment, and so has each of its names`, () => {
    assert.match(readFileSync(join(ROOT, `${entry}.ts`), 'utf8'), /^\/\*\* `overlap-bench/);
    for (const { name, from } of exportsOf(entry)) {
      const declared = new RegExp(
        `\\*/\\n(// biome-ignore [^\\n]*\\n)?export (async )?(function|const|class|interface|type) ${name}\\b`,
      );
      assert.ok(declared.test(readFileSync(from, 'utf8')), `${name} of ${from} has no doc comment`);
    }
  });
}
