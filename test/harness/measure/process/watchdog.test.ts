import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { isAlive } from '../../../fixtures/processes.ts';

const BUSY = join(import.meta.dirname, '../../../fixtures/busy.ts');

test('a process that computes ends with its parent, too', {
  skip: process.platform === 'win32' && 'Windows keeps the id of a parent that is gone',
}, async () => {
  const code = `
    const { spawn } = require('node:child_process');
    console.log(spawn(process.execPath, ['--no-warnings', ${JSON.stringify(BUSY)}], { stdio: 'inherit' }).pid);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const text of parent.stdout.setEncoding('utf8')) {
    said += text;
    if (/\d/.test(said) && said.includes('busy')) break;
  }
  const pid = Number(/\d+/.exec(said)![0]);
  parent.kill('SIGKILL');
  const killedMs = performance.now();
  while (isAlive(pid)) {
    assert.ok(performance.now() - killedMs < 20_000, 'it goes on without its parent');
    await wait(20);
  }
});
