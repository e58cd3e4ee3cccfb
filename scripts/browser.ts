import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import open from 'open';

/** What starts a browser ends by then where there is none; one that goes on longer is the browser itself. */
const FAILS_WITHIN_MS = 3000;

/**
 * Opens a file in the browser of whoever sits at this machine.
 *
 * @param file its absolute path
 * @throws in one sentence where no browser could be started
 */
export async function openInBrowser(file: string): Promise<void> {
  const { href } = pathToFileURL(file);
  const opener = await open(href);
  const patience = new AbortController();
  const code = await Promise.race([
    once(opener, 'exit').then(([code]) => Number(code)),
    wait(FAILS_WITHIN_MS, 0, { signal: patience.signal }),
  ]).finally(() => patience.abort());
  if (code !== 0) throw new Error(`No browser could be started here; open ${href} in one by hand.`);
}
