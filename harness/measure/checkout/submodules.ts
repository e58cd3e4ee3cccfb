/** The submodules of another commit, from those that are here: git leaves their folders in a new worktree empty. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NoBase } from './commits.ts';
import { openFolder } from './folders.ts';
import { git, runGit } from './git.ts';

/** A submodule in a commit. */
interface Submodule {
  /** Its folder, from the top of the repository. */
  readonly path: string;
  readonly commit: string;
}

/**
 * Writes the files of a commit's submodules into a worktree, without the network. A submodule that is not checked out here
 * stays empty there, too.
 *
 * @param here the top of the repository that has the commit
 * @param there the top of the worktree
 * @throws NoBase if a submodule here lacks the commit that is needed there
 */
export async function writeSubmodules(
  here: string,
  there: string,
  commit: string,
  signal: AbortSignal,
): Promise<void> {
  for (const { path, commit: inner } of await submodulesOf(here, commit, signal)) {
    const [own, target] = [join(here, path), join(there, path)];
    if (!existsSync(join(own, '.git'))) continue;
    const known = await git(['cat-file', '-e', `${inner}^{commit}`], { cwd: own, signal });
    if (known.exitCode !== 0)
      throw new NoBase(
        `The submodule ${path} lacks the base's commit ${inner.slice(0, 9)}; run git -C ${path} fetch.`,
      );
    await writeFiles(own, target, inner, signal);
    await writeSubmodules(own, target, inner, signal);
  }
}

async function submodulesOf(root: string, commit: string, signal: AbortSignal): Promise<Submodule[]> {
  const declared = await git(['cat-file', '-e', `${commit}:.gitmodules`], { cwd: root, signal });
  if (declared.exitCode !== 0) return [];
  const listed = await runGit(['ls-tree', '-r', '-z', '--full-tree', commit], { cwd: root, signal });
  return listed.split('\0').flatMap((line) => {
    const [, inner, path] = /^160000 commit (\w+)\t(.+)$/s.exec(line) ?? [];
    return inner === undefined || path === undefined ? [] : [{ commit: inner, path }];
  });
}

/** Writes the files of a commit to a folder. The repository's own index and work tree stay as they are. */
async function writeFiles(root: string, target: string, commit: string, signal: AbortSignal): Promise<void> {
  const folder = openFolder('index');
  try {
    const options = { cwd: root, signal, index: join(folder.directory, 'index') };
    await runGit(['read-tree', commit], options);
    await runGit(['checkout-index', '--all', '--quiet', `--prefix=${target}/`], options);
  } finally {
    folder.remove();
  }
}
