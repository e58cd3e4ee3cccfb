import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import open from 'open';

/** Without a browser, the opener fails within this time; if it runs longer, it has become the browser. */
const FAILS_WITHIN_MS = 3000;

/**
 * Opens a file in the user's browser.
 *
 * @param file its absolute path
 * @throws one sentence if no browser could be started
 */
export async function openInBrowser(file: string): Promise<void> {
  const { href } = pathToFileURL(file);
  const opener = await open(href);
  const patience = new AbortController();
  const code = await Promise.race([
    once(opener, 'exit').then(([code]) => Number(code)),
    wait(FAILS_WITHIN_MS, 0, { signal: patience.signal }),
  ]).finally(() => patience.abort());
  if (code !== 0) throw new Error(`No browser could be started; open ${href} by hand.`);
}
