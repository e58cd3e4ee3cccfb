import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PeerCommand, PeerRuntime } from '../../../harness/model/peer.ts';

/** Where Debian's packages put cargo and the sources of libraries; what the PATH has may be another cargo. */
const DEBIAN = { cargo: '/usr/bin/cargo', sources: '/usr/share/cargo/registry' };
const NAME = 'peer';

/** Rust with tokio and hyper from Debian's packages, on one core and on all. */
export default {
  program: existsSync(DEBIAN.cargo) ? DEBIAN.cargo : 'cargo',
  // The sources use names of variables in formats, and the 2021 edition.
  version: { args: ['--version'], least: '1.58.0' },
  find: () => [
    { id: 'rust', file: '.' },
    { id: 'rust-one-core', file: '.' },
  ],
  async prepare({ program, file, output }, run) {
    // cargo writes a lock file beside its manifest, and the versions in it are those of Debian.
    const copy = join(output, 'sources');
    mkdirSync(copy);
    for (const name of ['Cargo.toml', 'build.rs', 'src'])
      cpSync(join(file, name), join(copy, name), { recursive: true });
    await run(building(program, copy));
    cpSync(join(copy, 'target/release', NAME), join(output, NAME));
  },
  start: ({ id, output }) => ({
    command: join(output, NAME),
    args: id === 'rust-one-core' ? ['one-core'] : [],
  }),
  install:
    'apt-get install cargo gcc librust-tokio-dev librust-hyper-dev librust-serde-json-dev librust-crc32fast-dev adds it',
} satisfies PeerRuntime;

/** Builds offline, from Debian's sources, with the compiler beside cargo. */
function building(program: string, cwd: string): PeerCommand {
  const rustc = join(dirname(program), 'rustc');
  const settings = [
    'source.crates-io.replace-with="debian"',
    `source.debian.directory=${JSON.stringify(DEBIAN.sources)}`,
  ];
  return {
    command: program,
    args: [
      ...settings.flatMap((setting) => ['--config', setting]),
      'build',
      '--release',
      '--offline',
      '--quiet',
    ],
    cwd,
    ...(existsSync(rustc) ? { env: { RUSTC: rustc } } : {}),
  };
}
