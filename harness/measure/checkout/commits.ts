/** The commits that a comparison is about. */
import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openFolder } from './folders.ts';
import { type GitOptions, git, gitReason, runGit } from './git.ts';

/** There is nothing to compare with; the message is one sentence that says what to do. */
export class NoBase extends Error {}

/** The commit to compare with. */
export interface Base {
  readonly commit: string;
  /** In sentences: the commit's short name, and where it is. */
  readonly name: string;
}

/**
 * The commit where the current one left `reference`: their merge base. What was added to the other branch since then is
 * no change of this one.
 *
 * @param root a folder of the checkout
 * @param reference any name of a commit that git resolves
 * @param compared the name of the commit that is compared with it; the current one if left out
 * @throws NoBase if git does not know a commit or finds no merge base; Error, one sentence, if git cannot read the checkout
 */
export async function baseOf(
  root: string,
  reference: string,
  signal: AbortSignal,
  compared = 'HEAD',
): Promise<Base> {
  const options = { cwd: root, signal };
  const named = await commitOf(reference, '--base', options);
  const head = await commitOf(compared, '--head', options);
  const end = await git(['merge-base', head, named], options);
  const commit = end.stdout.trim();
  if (end.exitCode === 0) {
    const short = commit.slice(0, 9);
    const name =
      commit === named ? `${short} (${reference})` : `${short}, where ${compared} left ${reference}`;
    return { commit, name: commit.startsWith(reference) ? short : name };
  }
  if (end.exitCode !== 1) throw new Error(`git cannot read this checkout: ${gitReason(end)}.`);
  const shallow = await git(['rev-parse', '--is-shallow-repository'], options);
  throw new NoBase(
    shallow.stdout.trim() === 'true'
      ? `This clone is shallow and lacks the commit where ${compared} left ${reference}; run git fetch --unshallow, or set fetch-depth: 0 in a workflow.`
      : `${compared} and ${reference} share no commit, so there is nothing to compare with.`,
  );
}

/**
 * The commit to compare, with its name in sentences.
 *
 * @param reference any name of a commit that git resolves
 * @throws NoBase if git does not know it; Error, one sentence, if git cannot read the checkout
 */
export async function headOf(root: string, reference: string, signal: AbortSignal): Promise<Base> {
  const commit = await commitOf(reference, '--head', { cwd: root, signal });
  const short = commit.slice(0, 9);
  return { commit, name: commit.startsWith(reference) ? short : `${short} (${reference})` };
}

/** @param option which names the reference, for the advice */
async function commitOf(
  reference: string,
  option: '--base' | '--head',
  options: GitOptions,
): Promise<string> {
  const name = `${reference}^{commit}`;
  const end = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', name], options);
  if (end.exitCode === 0) return end.stdout.trim();
  // git prints no message for an unknown commit.
  if (end.exitCode !== 1) throw new Error(`git cannot read this checkout: ${gitReason(end)}.`);
  if (reference === 'HEAD') throw new NoBase('This repository has no commits yet; commit the code first.');
  const pattern = `refs/remotes/*/${reference}`;
  const remote = await git(['for-each-ref', '--format=%(refname:short)', '--', pattern], options);
  const [known = ''] = remote.stdout.split('\n');
  throw new NoBase(
    known === ''
      ? `git knows no commit ${reference}; git fetch may bring it, as a full clone does (fetch-depth: 0).`
      : `git knows no commit ${reference}; it knows ${known}, so use ${option} ${known}.`,
  );
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
 * Which of these files a commit lacks, for example because they are new.
 *
 * @param files relative to the root
 * @param commit that git knows
 */
export async function filesAbsentFrom(
  root: string,
  commit: string,
  files: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const present = await Promise.all(
    files.map(async (file) => {
      const { exitCode } = await git(['cat-file', '-e', `${commit}:./${file}`], { cwd: root, signal });
      return exitCode === 0;
    }),
  );
  return files.filter((_, index) => !present[index]);
}
