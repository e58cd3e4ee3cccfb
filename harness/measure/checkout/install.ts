/** The packages of another checkout: links to ours where that is the same, or an installation. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { runGit } from './git.ts';
import { linkPackages, needsOwnPackages, type TwoCheckouts } from './linked-packages.ts';
import { addPackages, installLocked, type PackageManager, packageManagerOf } from './package-manager.ts';

const NODE_BINARY = process.platform === 'win32' ? 'node.exe' : 'node';

/** What to install. */
export interface Installation extends TwoCheckouts {
  /** The folder of the project, relative to the top of either checkout. */
  readonly project: string;
  /** Releases to install instead of the locked ones, as in `undici@7`. */
  readonly packages: readonly string[];
}

/**
 * Installs the dependencies of another checkout, with the package manager whose lock file is there. If that file equals
 * ours, it reuses our packages.
 *
 * @throws one sentence if an installation fails; the abort reason of `signal`
 */
export async function install(
  { here, there, project, packages }: Installation,
  signal: AbortSignal,
): Promise<void> {
  const root = join(there, project);
  const manager = await packageManagerOf(there, root);
  const folders = await manifestFolders(there, manager.folder, signal);
  const ours = join(here, relative(there, manager.folder));
  if (packages.length === 0 && hasSamePackages(manager, ours) && !needsOwnPackages(here, folders))
    return linkPackages({ here, there }, folders);
  if (packages.length > 0 && manager.agent !== 'npm')
    throw new Error(
      `--with installs by npm, and this project uses ${manager.agent}; change the release in a commit.`,
    );
  await installLocked(manager, signal);
  // Yarn tells what it uses only by what it installs.
  await packageManagerOf(there, root);
  if (packages.length > 0) await addPackages(packages, root, signal);
}

/** The folders with a manifest, relative to the top: for a workspace more than one. */
async function manifestFolders(top: string, folder: string, signal: AbortSignal): Promise<string[]> {
  const listed = await runGit(['ls-files', '-z', '--', ':(glob)**/package.json'], { cwd: folder, signal });
  const files = listed.split('\0').filter((file) => file !== '');
  return files.map((file) => relative(top, dirname(join(folder, file))));
}

/** Whether the packages in a folder of ours are those that another checkout asks for. */
function hasSamePackages({ folder, lock }: PackageManager, ours: string): boolean {
  if (!existsSync(join(ours, 'node_modules'))) return false;
  if (lock === null) return isDeepStrictEqual(wantedIn(folder), wantedIn(ours));
  const own = join(ours, lock);
  return existsSync(own) && readFileSync(own, 'utf8') === readFileSync(join(folder, lock), 'utf8');
}

function wantedIn(folder: string): unknown {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return null;
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
  return [dependencies, devDependencies, optionalDependencies];
}

/**
 * The Node that measures in a checkout of Overlap: the one that runs this process, so both sides use the same. A checkout
 * that asks for another release than ours, and has it installed, measures with that release.
 *
 * @param packages the packages that were requested there
 * @throws one sentence if a Node among the packages was not installed
 */
export function nodeFor(directory: string, ours: string, packages: readonly string[]): string {
  const asked = packages.some((name) => /^node(@|$)/.test(name));
  const lock = readFileSync(join(ours, 'package-lock.json'), 'utf8');
  const locked = JSON.parse(lock).packages?.['node_modules/node']?.version;
  const installed = installedNode(directory);
  if (!asked && (installed === undefined || installed === locked)) return process.execPath;
  const own = join(directory, 'node_modules/node/bin', NODE_BINARY);
  if (existsSync(own)) return own;
  if (!asked) return process.execPath;
  throw new Error(
    'The Node that --with names was not installed: its install script must be allowed (npm config get ignore-scripts).',
  );
}

function installedNode(directory: string): string | undefined {
  const file = join(directory, 'node_modules/node/package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}
