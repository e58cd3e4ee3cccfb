import { join } from 'node:path';
import { commandText } from '../../../harness/installation.ts';
import type { PeerRuntime } from '../../../harness/model/peer.ts';

/** Each line is installed in a folder of its own, with the packages of its peers. */
const LINES = ['22', '24', '26'];
const CLIENTS = ['undici', 'fetch'];
const PROGRAM = 'program/javascript-peer.ts';

/** Lines of Node, with undici and with the fetch inside. */
export default {
  program: 'node',
  // TypeScript runs directly from 22.18 on.
  version: { args: ['--version'], least: '22.18.0' },
  find: (names, program) => {
    // --runtime node=PATH takes the place of the lines.
    if (program !== undefined) return CLIENTS.map((client) => ({ id: `node-${client}`, file: PROGRAM }));
    return LINES.filter((line) => names.includes(line)).flatMap((line) =>
      CLIENTS.map((client) => ({
        id: `node${line}-${client}`,
        file: PROGRAM,
        program: join(folderOf(line), 'node_modules/node/bin/node'),
      })),
    );
  },
  start({ id, program, file }) {
    const [, line, client = ''] = /^node(\d*)-(.+)$/.exec(id) ?? [];
    const folder = folderOf(line || LINES[0]!);
    return { command: program, args: ['--expose-gc', file, client, folder] };
  },
  install: `${commandText('peers', 'install')} adds it`,
  missing: (library) =>
    `The folder of this peer has no ${library}; ${commandText('peers', 'install')} adds it.`,
} satisfies PeerRuntime;

function folderOf(line: string): string {
  return join(import.meta.dirname, line);
}
