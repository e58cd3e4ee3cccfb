/** A function with 2 ms of CPU work and 50 ms of waiting: one core has enough at 25 of them. */
import { setTimeout as wait } from 'node:timers/promises';

const CPU_MS = 2;
const WAIT_MS = 50;

export default async (): Promise<void> => {
  const endMs = performance.now() + CPU_MS;
  while (performance.now() < endMs);
  await wait(WAIT_MS);
};
