import { once } from 'node:events';

import { startApp } from '../play/app.ts';
import { createCommand, type Main, readCommandLine, runCommand, wholeNumber } from './command.ts';

const DEFAULT_PORT = 8001;

const define = () =>
  createCommand('play')
    .description('Serves a page that shows strategies at work, until Ctrl-C.')
    .option(
      '--port <n>',
      'the port to listen on; 0 lets the system pick one',
      wholeNumber(0, 65_535),
      DEFAULT_PORT,
    );

export const main: Main = async (argv, io) => {
  const command = define();
  await readCommandLine(command, argv, io);
  const { signal } = io;
  const app = await startApp(command.opts().port);
  try {
    io.print(`Open ${app.origin}`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await app.close();
  }
  throw signal.reason;
};

if (import.meta.main) await runCommand(main);
