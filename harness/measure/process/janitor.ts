/** Waits for its parent to end, then removes the parent's leftovers. */
import { forgetWorktree, removeFolder } from '../checkout/folders.ts';
import type { LeftoverMessage } from './leftovers.ts';

/** Folders to remove; if a folder is a worktree, with the project whose git must forget it. */
const folders = new Map<string, string | undefined>();
const processes = new Set<number>();

process.on('message', ({ done, what }: LeftoverMessage) => {
  if ('process' in what) processes[done ? 'delete' : 'add'](what.process);
  else if (done) folders.delete(what.folder);
  else folders.set(what.folder, what.worktreeOf);
});
process.once('disconnect', async () => {
  for (const id of processes) kill(id);
  for (const folder of folders.keys()) removeFolder(folder);
  for (const [folder, root] of folders) if (root !== undefined) await forgetWorktree(root, folder);
});

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}
