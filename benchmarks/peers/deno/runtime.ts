import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandText } from '../../../harness/installation.ts';
import type { PeerRuntime } from '../../../harness/model/peer.ts';

const INSTALLED = join(import.meta.dirname, 'node_modules/.bin/deno');

/** Deno, with the same program as Node. */
export default {
  program: existsSync(INSTALLED) ? INSTALLED : 'deno',
  version: { args: ['--version'], least: '2.2.0' },
  find: () => [{ id: 'deno', file: '../node/program/javascript-peer.ts' }],
  start: ({ program, file }) => ({
    command: program,
    // All permissions: the program reads packages, one of which is a library in C.
    args: ['run', '--allow-all', '--no-lock', '--v8-flags=--expose-gc', file, 'fetch', import.meta.dirname],
  }),
  install: `${commandText('peers', 'install')} adds it`,
  missing: (library) =>
    `The folder of this peer has no ${library}; ${commandText('peers', 'install')} adds it.`,
} satisfies PeerRuntime;
