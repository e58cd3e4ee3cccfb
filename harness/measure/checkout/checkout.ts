import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { putAway, remember } from '../process/leftovers.ts';
import { type GitOptions, git, gitReason } from './git.ts';
import { install } from './install.ts';

/** A state of this repository that can be run. */
export interface Checkout {
  readonly directory: string;
  /** The path of the Node that measures there. */
  readonly node: string;
  /** Removes the files that were created for it. */
  remove(): Promise<void>;
}

/** The current checkout of a project with its uncommitted changes; `root` is its folder. */
export function checkoutHere(root: string): Checkout {
  return { directory: root, node: process.execPath, remove: async () => {} };
}

/** Removes a folder even if a process that was just killed is still writing to it. */
export function removeFolder(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Makes git forget checkouts whose folders are gone, if git works here. */
export async function pruneCheckouts(root: string): Promise<void> {
  await git(['worktree', 'prune'], { cwd: root }).catch(() => {});
}

/**
 * A folder for temporary files, which is removed even if this process is killed; callers still call `remove`.
 *
 * @param checkoutOf if the folder becomes a checkout: the root of the project whose git must forget it
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
 * The state of this checkout's tracked files, as a commit that no branch has. The index stays unchanged: if we run as a
 * git hook, that git may have locked it.
 */
export async function commitOfHere(root: string, signal: AbortSignal): Promise<string> {
  const folder = openFolder('index');
  try {
    const own = (await runGit(['rev-parse', '--git-path', 'index'], { cwd: root, signal })).trim();
    const index = join(folder.directory, 'index');
    copyFileSync(resolve(root, own), index);
    await runGit(['add', '--update', ':/'], { cwd: root, signal, index });
    const tree = (await runGit(['write-tree'], { cwd: root, signal, index })).trim();
    // A commit needs an author, and build machines often have no configured author.
    const author = ['-c', 'user.name=overlap', '-c', 'user.email=overlap@localhost'];
    return (
      await runGit([...author, 'commit-tree', tree, '-p', 'HEAD', '-m', 'As it is'], { cwd: root, signal })
    ).trim();
  } finally {
    folder.remove();
  }
}

/**
 * Checks a commit out in a temporary folder and installs its dependencies there.
 *
 * @param root the folder of the project
 * @param reference any name of a commit that git resolves
 * @param packages to install instead of the locked versions, as in `undici@7`
 * @throws one sentence if git does not know the commit or an installation fails; the abort reason of `signal`. No files
 *   are left then.
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
    // Without a signal: the cleanup must also run after an abort.
    await pruneCheckouts(root);
  };
  try {
    // The project's hooks are for its developers, not for a temporary checkout.
    const add = ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', '--force'];
    await runGit([...add, directory, commit], { cwd: root, signal });
    return { directory, node: await install(directory, root, packages, signal), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Which of these files a commit lacks, for example because they are new.
 *
 * @param files relative to the root
 * @param reference as in {@link openCheckout}, with the same errors
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
  // git prints no message for an unknown commit.
  if (end.exitCode === 1)
    throw new Error(
      `git knows no commit ${reference}; git fetch may bring it, as a full clone does (fetch-depth: 0).`,
    );
  throw new Error(`git cannot read this checkout: ${gitReason(end)}.`);
}

/** Returns git's standard output. @throws one sentence with git's reason if it fails */
async function runGit(args: readonly string[], options: GitOptions): Promise<string> {
  const end = await git(args, { attended: true, ...options });
  if (end.exitCode === 0) return end.stdout;
  const command = args.filter((arg, index) => arg !== '-c' && args[index - 1] !== '-c').slice(0, 2);
  throw new Error(`git ${command.join(' ')} failed: ${gitReason(end)}.`);
}
