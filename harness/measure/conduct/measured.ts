/**
 * The measured process: it runs rounds of one experiment on the conductor's orders and does no other work. It ends when
 * the conductor ends.
 */
import './own-fetch.ts';
import { type CatalogEntry, loadExperiment } from '../plan/catalog.ts';
import { type CompleteVariant, variantsOf } from '../plan/variants.ts';
import { openTargets } from '../process/target.ts';
import { endWithParent } from '../process/watchdog.ts';
import { watchLeftOpen } from './left-open.ts';
import type { FromMeasured, ToMeasured } from './messages.ts';
import { createRoundRunner, type RoundRunner } from './round.ts';

const say = (message: FromMeasured) => process.send?.(message);
const exit = process.exit.bind(process);

let runner: RoundRunner | undefined;

async function obey(message: ToMeasured): Promise<void> {
  if (message.type === 'configure') {
    const entry: CatalogEntry = await loadExperiment(message.file);
    const variants: CompleteVariant[] = variantsOf(entry, message.profile, message.peers);
    runner = await createRoundRunner(entry, variants, await openTargets(message.targets), say);
  } else {
    await runner?.run(message);
  }
  say({ type: 'finished', leftOpen: await leftOpen() });
}

process.once('disconnect', () => exit(0));
endWithParent();
// Ctrl-C reaches the whole process group; the conductor decides what it means.
process.on('SIGINT', () => {});
process.on('message', (message: ToMeasured) => {
  obey(message).catch((error: Error) => {
    if (process.env.DEBUG) console.error(error);
    say({ type: 'failed', message: error.message });
  });
});
const leftOpen = watchLeftOpen();
// Measured code may call it; the conductor then knows who ended this process.
process.exit = (code) => {
  say({ type: 'exiting', code: Number(code ?? process.exitCode ?? 0) });
  return exit(code);
};
say({ type: 'ready' });
