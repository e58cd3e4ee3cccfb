/** Folders that a command creates and removes, and the folders above one. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { putAway, remember } from '../process/leftovers.ts';
import { git } from './git.ts';

/** Removes a folder even if a process that was just killed is still writing to it. */
export function removeFolder(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/**
 * Makes git forget a worktree, if git works here; its folder may be gone. Unlike `git worktree prune` this leaves the user's
 * own worktrees alone, and it also takes one away whose creation was interrupted: git has locked that.
 */
export async function forgetWorktree(root: string, directory: string): Promise<void> {
  await git(['worktree', 'remove', '--force', '--force', directory], { cwd: root }).catch(() => {});
}

/** A folder that was created. */
export interface OpenedFolder {
  readonly directory: string;
  remove(): void;
}

/**
 * A folder for temporary files, which is removed even if this process is killed; callers still call `remove`.
 *
 * @param worktreeOf if the folder becomes a worktree: the root of the project whose git must forget it
 * @param beside if given, the folder is created next to this one; where that is not allowed, among temporary files
 */
export function openFolder(
  name: string,
  { worktreeOf, beside }: { readonly worktreeOf?: string; readonly beside?: string } = {},
): OpenedFolder {
  const directory = (beside && makeBeside(beside, name)) ?? mkdtempSync(join(tmpdir(), `overlap-${name}-`));
  const leftover = { folder: directory, worktreeOf };
  remember(leftover);
  return {
    directory,
    remove() {
      removeFolder(directory);
      putAway(leftover);
    },
  };
}

function makeBeside(folder: string, name: string): string | null {
  try {
    return mkdtempSync(join(dirname(folder), `.overlap-${name}-`));
  } catch {
    return null;
  }
}

/** A folder and those above it, the nearest first, up to `top`; the folder must lie within `top`. */
export function foldersUpTo(top: string, folder: string): string[] {
  return folder === top || dirname(folder) === folder
    ? [folder]
    : [folder, ...foldersUpTo(top, dirname(folder))];
}

/** Whether a path is a folder or lies within it; both are absolute. Nothing needs to exist. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || way === path);
}

/** Whether a path, if links are followed, is still within a folder; both must exist. */
export function isReallyWithin(folder: string, path: string): boolean {
  return isWithin(realpathSync(folder), realpathSync(path));
}
