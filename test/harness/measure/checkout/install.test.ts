import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { nodeFor } from '../../../../harness/measure/checkout/install.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-install-'));
after(() => rmSync(scratch, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** A checkout with a Node of this version in node_modules, whose install script ran or did not. */
function checkout(name: string, version: string, { ran }: { ran: boolean }): string {
  const directory = join(scratch, name);
  write(
    join(directory, 'package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/node': { version } } }),
  );
  const folder = join(directory, 'node_modules/node');
  write(join(folder, 'package.json'), JSON.stringify({ version }));
  if (ran) write(join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node'), '');
  return directory;
}

const ours = checkout('ours', '24.21.0', { ran: false });

test('a checkout is measured by the Node that runs us, as this one is, unless it asks for another', () => {
  assert.equal(nodeFor(checkout('same', '24.21.0', { ran: true }), ours, []), process.execPath);
  const other = checkout('other', '22.19.0', { ran: true });
  assert.match(nodeFor(other, ours, []), /other.node_modules.node.bin.node/);
});

test('where no install script ran, all is measured by the Node that runs us', () => {
  assert.equal(nodeFor(checkout('not-run', '22.19.0', { ran: false }), ours, []), process.execPath);
});

test('a Node that is asked for by name measures, or is missed', () => {
  const named = checkout('named', '24.21.0', { ran: true });
  assert.match(nodeFor(named, ours, ['node@24.21.0']), /named.node_modules.node.bin.node/);
  assert.equal(nodeFor(named, ours, ['node-fetch@3']), process.execPath);
  assert.throws(
    () => nodeFor(checkout('missed', '22.19.0', { ran: false }), ours, ['node@22']),
    /^Error: The Node that --with names was not installed: its install script must be allowed/,
  );
});
