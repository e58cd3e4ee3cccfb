import { once } from 'node:events';
import { Command } from '@commander-js/extra-typings';
import { startServer } from '../server/server.ts';
import { EXIT, runCommand, wholeNumber } from './command.ts';

const command = new Command('npm run serve --')
  .showSuggestionAfterError(false)
  .description('Runs the latency server by hand, until Ctrl-C.')
  .option('--port <n>', 'the port to listen on; 0 lets the system pick one', wholeNumber(0, 65_535), 8000);

await runCommand(async (signal) => {
  command.parse();
  const server = await startServer(command.opts());
  console.log(`Listening on ${server.origin}; try curl ${server.origin}/delay/100`);
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
  return EXIT.done;
});
