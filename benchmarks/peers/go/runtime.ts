import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PeerRuntime } from '../../../harness/model/peer.ts';

/** Where Debian's package puts it; what the PATH has may be another. */
const DEBIAN = '/usr/bin/go';
const NAME = 'peer';

/** Go with its standard library alone, on one core and on all. */
export default {
  program: existsSync(DEBIAN) ? DEBIAN : 'go',
  version: { args: ['version'], least: '1.19.0' },
  find: () => [
    { id: 'go', file: '.' },
    { id: 'go-one-core', file: '.' },
  ],
  prepare: ({ program, file, output }, run) =>
    run({
      command: program,
      args: ['build', '-o', join(output, NAME), '.'],
      cwd: file,
      // Nothing is downloaded, neither packages nor another Go.
      env: { GOPROXY: 'off', GOTOOLCHAIN: 'local', GOFLAGS: '-trimpath' },
    }),
  start: ({ id, output }) => ({
    command: join(output, NAME),
    args: [],
    ...(id === 'go-one-core' ? { env: { GOMAXPROCS: '1' } } : {}),
  }),
  install: 'apt-get install golang-go adds it',
} satisfies PeerRuntime;
