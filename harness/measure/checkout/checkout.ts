/** States of a project that can be measured: this checkout, and others beside it. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../project.ts';
import { NoBase } from './commits.ts';
import { copyExperiments, linkOverlap } from './experiment-files.ts';
import { forgetWorktree, openFolder } from './folders.ts';
import { runGit } from './git.ts';
import { install } from './install.ts';
import { writeSubmodules } from './submodules.ts';

/** A state of a project that can be run. */
export interface Checkout {
  /** The folder of the project in it. */
  readonly directory: string;
  /** The path of the Node that measures there. */
  readonly node: string;
  /** What Node is given to run bench on it, in its folder. */
  readonly bench: readonly string[];
  /** Removes the files that were created for it. */
  remove(): Promise<void>;
}

/** Another checkout to open. */
export interface CheckoutRequest {
  readonly project: Project;
  readonly commit: string;
  /** Releases of packages to install instead of the locked ones, as in `undici@7`. */
  readonly packages: readonly string[];
  /** Whose experiments run: those of the commit, or those that are here now. */
  readonly experiments: 'there' | 'here';
}

/** Files of another commit, with its dependencies. */
export interface OpenedCheckout {
  /** The folder of the project in it. */
  readonly directory: string;
  /** The top of its files. */
  readonly top: string;
  /** Removes it; git then does not know it any more. */
  remove(): Promise<void>;
}

/**
 * Checks a commit out in a temporary folder and installs its dependencies there.
 *
 * @throws NoBase if the commit lacks the project; one sentence if something fails; the abort reason of `signal`. No files are
 *   left then.
 */
export async function openCheckout(request: CheckoutRequest, signal: AbortSignal): Promise<OpenedCheckout> {
  const { project, commit, packages, experiments } = request;
  const { here, folder } = await placeInGit(project.root, signal);
  // Next to the repository, paths that lead out of it are the same, as those of a package in a tarball.
  const beside = experiments === 'here' ? { beside: here } : {};
  const opened = openFolder('checkout', { worktreeOf: here, ...beside });
  const there = realpathSync(opened.directory);
  const remove = async () => {
    opened.remove();
    // Without a signal: the cleanup must also run after an abort.
    await forgetWorktree(here, opened.directory);
  };
  try {
    // The project's hooks are for its developers, not for a temporary checkout.
    const add = ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--detach', '--force'];
    await runGit([...add, there, commit], { cwd: here, signal });
    await writeSubmodules(here, there, commit, signal);
    const root = join(there, folder);
    if (!existsSync(root))
      throw new NoBase(`${folder} is not in ${commit.slice(0, 9)}, so there is nothing to compare with.`);
    if (experiments === 'here') await copyExperiments({ project, there, root });
    await install({ here, there, project: folder, packages }, signal);
    if (experiments === 'here') linkOverlap(here, { project, there, root });
    return { directory: root, top: there, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The top of the repository that has a project, and the project's folder from there: empty at the top. */
export async function placeInGit(
  root: string,
  signal: AbortSignal,
): Promise<{ readonly here: string; readonly folder: string }> {
  const told = await runGit(['rev-parse', '--show-toplevel', '--show-prefix'], { cwd: root, signal });
  const [here = '', prefix = ''] = told.split('\n');
  return { here, folder: prefix.replace(/\/$/, '') };
}
