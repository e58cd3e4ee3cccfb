import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandText, IS_PACKAGE, installText, usageText } from '../../harness/installation.ts';

test('this repository is not the package, and its commands are scripts of npm', () => {
  assert.equal(IS_PACKAGE, false);
  assert.equal(commandText('bench'), 'npm run bench');
  assert.equal(commandText('bench', '--list'), 'npm run bench -- --list');
  assert.equal(usageText('bench'), 'npm run bench --');
  assert.equal(installText('got'), 'npm ci --include=dev');
});

test('the commands of the package name it: overlap alone is the package of another', () => {
  assert.equal(commandText('bench', '', true), 'npx overlap-bench bench');
  assert.equal(commandText('bench', '--list', true), 'npx overlap-bench bench --list');
  assert.equal(usageText('bench', true), 'npx overlap-bench bench');
  assert.equal(installText('got', true), 'npm install --save-dev got');
});
