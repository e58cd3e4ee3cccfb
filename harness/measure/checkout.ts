import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { $ } from 'zx';
import { attended, putAway, remember } from './leftovers.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A state of this repository that can be run. */
export interface Checkout {
  readonly directory: string;
  /** Removes what was made for it. */
  remove(): Promise<void>;
}

/** This checkout as it is, with what is not committed. */
export const HERE: Checkout = { directory: ROOT, remove: async () => {} };

/** Removes a folder in which something that was just ended may still have been writing. */
export function removeFolder(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** Makes git forget checkouts whose folders are gone. */
export async function pruneCheckouts(): Promise<void> {
  await $({ cwd: ROOT, quiet: true, nothrow: true })`git worktree prune`;
}

/** A folder for temporary files, which goes even if this process is killed; `remove` is to be called all the same. */
export function openFolder(name: string): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), `overlap-${name}-`));
  remember({ folder: directory });
  return {
    directory,
    remove() {
      removeFolder(directory);
      putAway({ folder: directory });
    },
  };
}

/** The state of this checkout's tracked files, as a commit that no branch has. */
export async function commitOfHere(signal: AbortSignal): Promise<string> {
  // A commit has an author, and a machine that builds need not know one.
  const { stdout } = await run(
    signal,
    ROOT,
  )`exec git -c user.name=overlap -c user.email=overlap@localhost stash create`;
  return stdout.trim() === '' ? 'HEAD' : stdout.trim();
}

/**
 * Checks a commit out in a temporary folder and installs there what it depends on.
 *
 * @param reference whatever git knows a commit by
 * @param packages to install in place of what it is locked to, as in `undici@7`
 * @throws in one sentence where git does not know the commit, or something cannot be installed; what `signal` was
 *   aborted with. Nothing is left then.
 */
export async function openCheckout(
  reference: string,
  packages: readonly string[],
  signal: AbortSignal,
): Promise<Checkout> {
  const commit = await commitOf(reference, signal);
  const folder = openFolder('checkout');
  const { directory } = folder;
  const checkout = {
    directory,
    async remove() {
      folder.remove();
      // Without a signal: this must be done however a run ends.
      await pruneCheckouts();
    },
  };
  try {
    await run(signal, ROOT)`exec git worktree add --detach --force ${directory} ${commit}`;
    await install(directory, packages, signal);
    return checkout;
  } catch (error) {
    await checkout.remove();
    throw error;
  }
}

async function commitOf(reference: string, signal: AbortSignal): Promise<string> {
  const git = $({ cwd: ROOT, quiet: true, nothrow: true, signal });
  const { exitCode, stdout } =
    await git`exec git rev-parse --verify --quiet --end-of-options ${`${reference}^{commit}`}`;
  signal.throwIfAborted();
  if (exitCode !== 0)
    throw new Error(
      `git knows no commit ${reference}; git fetch may bring it, as a full clone does (fetch-depth: 0).`,
    );
  return stdout.trim().split('\n').at(-1)!;
}

/** What both are locked to need not be installed twice. */
async function install(directory: string, packages: readonly string[], signal: AbortSignal): Promise<void> {
  const lockOf = (root: string) => readFileSync(join(root, 'package-lock.json'), 'utf8');
  const npm = run(signal, directory);
  if (packages.length === 0 && existsSync(join(ROOT, 'node_modules')) && lockOf(directory) === lockOf(ROOT)) {
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'), 'junction');
    return;
  }
  await npm`exec npm ci --no-audit --no-fund`;
  if (packages.length > 0) await npm`exec npm install --no-save --no-audit --no-fund ${packages}`;
}

/** Commands of which only a failure is told, by its last line; by `exec`, so that a signal reaches them and no shell. */
function run(signal: AbortSignal, cwd: string) {
  const shell = $({ cwd, quiet: true, nothrow: true, signal });
  return async (pieces: TemplateStringsArray, ...values: (string | readonly string[])[]) => {
    const result = await attended(shell(pieces, ...values));
    signal.throwIfAborted();
    if (result.exitCode === 0) return result;
    const lines = result.stderr.split('\n').filter((line) => /\S/.test(line) && !/A complete log/.test(line));
    throw new Error(
      `${pieces[0]!.trim().replace('exec ', '')} … failed: ${(lines.at(-1) ?? `exit code ${result.exitCode}`).trim()}`,
    );
  };
}
