/** Waits for its parent to end, and puts away what that has left. */
import { pruneCheckouts, removeFolder } from '../checkout/checkout.ts';
import type { LeftoverMessage } from './leftovers.ts';

const folders = new Set<string>();
const processes = new Set<number>();

process.on('message', ({ done, what }: LeftoverMessage) => {
  if ('folder' in what) folders[done ? 'delete' : 'add'](what.folder);
  else processes[done ? 'delete' : 'add'](what.process);
});
process.once('disconnect', async () => {
  for (const id of processes) kill(id);
  for (const folder of folders) removeFolder(folder);
  if (folders.size > 0) await pruneCheckouts();
});

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
