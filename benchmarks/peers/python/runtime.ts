import { join, relative } from 'node:path';
import type { PeerRuntime } from '../../../harness/model/peer.ts';

/** A file that ended otherwise could have the name of the library that it imports, and be imported instead. */
const ENDING = '_peer.py';
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/** Peers in Python, on top of conversation.py. */
export default {
  program: 'python3',
  // `asyncio.Runner` came with it.
  version: { args: ['--version'], least: '3.11.0' },
  find: (names) =>
    names
      .filter((name) => name.endsWith(ENDING))
      .map((file) => ({ id: file.slice(0, -ENDING.length), file })),
  start: ({ program, file }) => ({
    command: program,
    args: [file],
    // What Python would write beside the sources is none of this repository.
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  }),
  missing: (library, program) =>
    `${program} has no ${library}; ${program} -m pip install -r ${relative('', REQUIREMENTS)} adds it.`,
} satisfies PeerRuntime;
