import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * The growth of the JavaScript heap from before `begin` until it resolves, without garbage.
 *
 * @param begin allocates; resolves once all objects to measure exist
 * @returns the bytes, and the value of `begin`
 */
export async function heapHeld<Held>(begin: () => Promise<Held>): Promise<{ bytes: number; held: Held }> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc');
  // Objects closed a moment ago are released in later turns of the loop.
  collectGarbage();
  await turn();
  collectGarbage();
  const beforeBytes = process.memoryUsage().heapUsed;
  const held = await begin();
  collectGarbage();
  return { bytes: process.memoryUsage().heapUsed - beforeBytes, held };
}
