import { Worker } from 'node:worker_threads';

/** The interval of the watchdog; long enough not to slow a sample. */
const INTERVAL_MS = 500;

/**
 * Ends this process when its parent is gone. A process that computes cannot notice that, so a worker thread polls the
 * parent's id, which changes when the parent ends. (On Windows it does not change; there only the IPC channel closes.)
 */
export function endWithParent(): void {
  // Read here, since on a busy machine the parent may be gone before the thread begins.
  const { ppid } = process;
  const watching = `
    setInterval(() => {
      if (process.ppid !== ${ppid}) process.kill(process.pid, 'SIGKILL');
    }, ${INTERVAL_MS});`;
  new Worker(watching, { eval: true, stdout: false }).unref();
}
