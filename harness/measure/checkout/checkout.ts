import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { putAway, remember } from '../process/leftovers.ts';
import { type GitOptions, git, gitReason } from './git.ts';
import { install } from './install.ts';

/** A state of this repository that can be run. */
export interface Checkout {
  readonly directory: string;
  /** What measures there: the path of a Node. */
  readonly node: string;
  /** Removes what was made for it. */
  remove(): Promise<void>;
}

/** The checkout of a project as it is, with what is not committed; `root` is its folder. */
export function checkoutHere(root: string): Checkout {
  return { directory: root, node: process.execPath, remove: async () => {} };
}

/** Removes a folder in which something that was just ended may still have been writing. */
export function removeFolder(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Makes git forget checkouts whose folders are gone, where it can. */
export async function pruneCheckouts(root: string): Promise<void> {
  await git(['worktree', 'prune'], { cwd: root }).catch(() => {});
}

/**
 * A folder for temporary files, which goes even if this process is killed; `remove` is to be called all the same.
 *
 * @param checkoutOf the root of the project that git is to forget it of, where it becomes a checkout
 */
export function openFolder(
  name: string,
  checkoutOf?: string,
): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), `overlap-${name}-`));
  remember({ folder: directory, checkoutOf });
  return {
    directory,
    remove() {
      removeFolder(directory);
      putAway({ folder: directory, checkoutOf });
    },
  };
}

/**
 * The state of this checkout's tracked files, as a commit that no branch has. The index stays as it is: another git, whose
 * hook we may be, can have locked it.
 */
export async function commitOfHere(root: string, signal: AbortSignal): Promise<string> {
  const folder = openFolder('index');
  try {
    const own = (await runGit(['rev-parse', '--git-path', 'index'], { cwd: root, signal })).trim();
    const index = join(folder.directory, 'index');
    copyFileSync(resolve(root, own), index);
    await runGit(['add', '--update', ':/'], { cwd: root, signal, index });
    const tree = (await runGit(['write-tree'], { cwd: root, signal, index })).trim();
    // A commit has an author, and a machine that builds need not know one.
    const author = ['-c', 'user.name=overlap', '-c', 'user.email=overlap@localhost'];
    return (
      await runGit([...author, 'commit-tree', tree, '-p', 'HEAD', '-m', 'As it is'], { cwd: root, signal })
    ).trim();
  } finally {
    folder.remove();
  }
}

/**
 * Checks a commit out in a temporary folder and installs there what it depends on.
 *
 * @param root the folder of the project
 * @param reference whatever git knows a commit by
 * @param packages to install in place of what it is locked to, as in `undici@7`
 * @throws in one sentence where git does not know the commit, or something cannot be installed; what `signal` was
 *   aborted with. Nothing is left then.
 */
export async function openCheckout(
  root: string,
  reference: string,
  packages: readonly string[],
  signal: AbortSignal,
): Promise<Checkout> {
  const commit = await commitOf(root, reference, signal);
  const folder = openFolder('checkout', root);
  const { directory } = folder;
  const remove = async () => {
    folder.remove();
    // Without a signal: this must be done however a run ends.
    await pruneCheckouts(root);
  };
  try {
    // Hooks are for checkouts that somebody works in.
    const add = ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', '--force'];
    await runGit([...add, directory, commit], { cwd: root, signal });
    return { directory, node: await install(directory, root, packages, signal), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Which of these files a commit does not have, as one that is new.
 *
 * @param files relative to the root
 * @param reference as of {@link openCheckout}, and with the same errors
 */
export async function filesAbsentFrom(
  root: string,
  reference: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  if (files.length === 0) return [];
  const commit = await commitOf(root, reference, signal);
  const present = await Promise.all(
    files.map(async (file) => {
      const { exitCode } = await git(['cat-file', '-e', `${commit}:./${file}`], { cwd: root, signal });
      return exitCode === 0;
    }),
  );
  return files.filter((_, index) => !present[index]);
}

async function commitOf(root: string, reference: string, signal: AbortSignal): Promise<string> {
  const end = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`], {
    cwd: root,
    signal,
  });
  if (end.exitCode === 0) return end.stdout.trim();
  // It says nothing of a commit that it does not know.
  if (end.exitCode === 1)
    throw new Error(
      `git knows no commit ${reference}; git fetch may bring it, as a full clone does (fetch-depth: 0).`,
    );
  throw new Error(`git cannot read this checkout: ${gitReason(end)}.`);
}

/** What git says on standard output. @throws in one sentence, with its reason, where it fails */
async function runGit(args: readonly string[], options: GitOptions): Promise<string> {
  const end = await git(args, { attended: true, ...options });
  if (end.exitCode === 0) return end.stdout;
  const command = args.filter((arg, index) => arg !== '-c' && args[index - 1] !== '-c').slice(0, 2);
  throw new Error(`git ${command.join(' ')} failed: ${gitReason(end)}.`);
}
