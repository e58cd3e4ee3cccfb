import { once } from 'node:events';
import { Command } from '@commander-js/extra-typings';
import { startApp } from '../play/app.ts';
import { runCommand, wholeNumber } from './command.ts';

const DEFAULT_PORT = 8001;

const command = new Command('npm run play --')
  .showSuggestionAfterError(false)
  .description('Serves a page on which one watches strategies at work, until Ctrl-C.')
  .option(
    '--port <n>',
    'the port to listen on; 0 lets the system pick one',
    wholeNumber(0, 65_535),
    DEFAULT_PORT,
  );

await runCommand(async (signal) => {
  command.parse();
  const app = await startApp(command.opts().port);
  try {
    console.log(`Open ${app.origin}`);
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await app.close();
  }
  throw signal.reason;
});
