import { join, relative } from 'node:path';
import type { PeerRuntime } from '../../../harness/model/peer.ts';

/** The ending of peers' files, so that no file has the name of a library and is imported instead of it. */
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
    // Keeps Python from writing bytecode next to the sources.
    env: { PYTHONDONTWRITEBYTECODE: '1' },
  }),
  missing: (library, program) =>
    `${program} has no ${library}; ${program} -m pip install -r ${relative('', REQUIREMENTS)} adds it.`,
} satisfies PeerRuntime;
