import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * How much more is in use on the JavaScript heap while something is held than before it was begun, garbage left out.
 *
 * @param begin starts it; resolves once all that is to be measured is there
 * @returns bytes, and what `begin` resolved to
 */
export async function heapHeld<Held>(begin: () => Promise<Held>): Promise<{ bytes: number; held: Held }> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  // What was closed a moment ago is let go of in the turns after that.
  collectGarbage();
  await turn();
  collectGarbage();
  const beforeBytes = process.memoryUsage().heapUsed;
  const held = await begin();
  collectGarbage();
  return { bytes: process.memoryUsage().heapUsed - beforeBytes, held };
}
