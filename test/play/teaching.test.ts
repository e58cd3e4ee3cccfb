import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DEFAULTS, readChoices } from '../../play/choices.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/teaching.md'), 'utf8');

test('every address of the teaching page is one that the play page takes as it stands', () => {
  const addresses = [...page.matchAll(/^#(strategy=\S+)$/gm)].map(([, query]) => new URLSearchParams(query));
  assert.ok(addresses.length >= 6);
  for (const asked of addresses) {
    const given = Object.fromEntries(
      [...asked].map(([name, text]) => [name, Number.isNaN(Number(text)) ? text : Number(text)]),
    );
    for (const name of asked.keys()) assert.ok(name in DEFAULTS, `${asked}: there is no ${name}`);
    const choices: Readonly<Record<string, unknown>> = readChoices({ ...DEFAULTS, ...given });
    for (const [name, value] of Object.entries(given))
      assert.equal(choices[name], value, `${asked}: ${name}`);
  }
});
