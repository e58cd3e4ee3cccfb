import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandText } from '../../../harness/installation.ts';
import type { PeerRuntime } from '../../../harness/model/peer.ts';

const INSTALLED = join(import.meta.dirname, 'node_modules/.bin/bun');
/** The same program as Node's. */
const PROGRAM = '../node/program/javascript-peer.ts';
/** The most that Bun takes. */
const RAISED_LIMIT = '65336';

/** Bun, with its default limit of requests in flight and with a raised one. */
export default {
  program: existsSync(INSTALLED) ? INSTALLED : 'bun',
  // Its first release with all of node:zlib that the program needs.
  version: { args: ['--version'], least: '1.2.0' },
  find: () => [
    { id: 'bun', file: PROGRAM },
    { id: 'bun-raised', file: PROGRAM },
  ],
  start: ({ id, program, file }) => ({
    command: program,
    args: [file, 'fetch', import.meta.dirname],
    ...(id === 'bun-raised' ? { env: { BUN_CONFIG_MAX_HTTP_REQUESTS: RAISED_LIMIT } } : {}),
  }),
  install: `${commandText('peers', 'install')} adds it`,
  missing: (library) =>
    `The folder of this peer has no ${library}; ${commandText('peers', 'install')} adds it.`,
} satisfies PeerRuntime;
