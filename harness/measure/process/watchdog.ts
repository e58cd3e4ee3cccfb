import { Worker } from 'node:worker_threads';

/** How often the watchdog looks; rare enough to cost a sample nothing. */
const INTERVAL_MS = 500;

/**
 * Ends this process when its parent is gone, even while it computes and its event loop stands still: a thread
 * looks after the parent's id, which changes with its end. (On Windows it does not; there the end of the channel
 * is all that tells.)
 */
export function endWithParent(): void {
  const watching = `
    const { ppid } = process;
    setInterval(() => {
      if (process.ppid !== ppid) process.kill(process.pid, 'SIGKILL');
    }, ${INTERVAL_MS});`;
  new Worker(watching, { eval: true, stdout: false }).unref();
}
