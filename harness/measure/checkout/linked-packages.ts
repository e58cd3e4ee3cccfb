/** The packages of this checkout for another one: links, of which those to packages of the repository lead to that side's own. */
import {
  copyFileSync,
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { isWithin } from './folders.ts';

/** Two checkouts of a repository: their top folders. */
export interface TwoCheckouts {
  /** That which has the packages. */
  readonly here: string;
  readonly there: string;
}

/** Holds what tools remember of this checkout's files. */
const CACHE = '.cache';
const PROGRAMS = '.bin';
/** Where pnpm keeps packages; what stands in other `node_modules` are links to these. */
const STORE = '.pnpm';

/**
 * Links the packages of folders to those of this checkout.
 *
 * @param folders that have a manifest there, relative to the top; those without packages here are left out
 */
export function linkPackages(checkouts: TwoCheckouts, folders: readonly string[]): void {
  for (const folder of folders) {
    const [own, target] = [checkouts.here, checkouts.there].map((top) => join(top, folder, 'node_modules'));
    if (existsSync(own!) && !existsSync(target!)) linkEntries(checkouts, own!, target!);
  }
}

function linkEntries(checkouts: TwoCheckouts, own: string, target: string): void {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(own, { withFileTypes: true })) {
    const [from, to] = [join(own, entry.name), join(target, entry.name)];
    if (entry.isSymbolicLink()) symlinkSync(counterpartOf(checkouts, linkTarget(own, entry)), to, 'junction');
    else if (entry.isFile()) copyFileSync(from, to);
    else if (entry.name === PROGRAMS || entry.name.startsWith('@')) linkEntries(checkouts, from, to);
    else if (entry.name !== CACHE) symlinkSync(from, to, 'junction');
  }
}

/** The same place in the other checkout; this one if it lies elsewhere, or git does not have it. */
function counterpartOf({ here, there }: TwoCheckouts, path: string): string {
  const counterpart = join(there, relative(here, path));
  return isWithin(here, path) && existsSync(counterpart) ? counterpart : path;
}

/**
 * Whether installed packages need packages of this repository. A link to such a package would find this side's own, so
 * links are not enough.
 *
 * @param folders as in {@link linkPackages}
 */
export function needsOwnPackages(here: string, folders: readonly string[]): boolean {
  const modules = folders
    .map((folder) => join(here, folder, 'node_modules'))
    .filter((path) => existsSync(path));
  const all = modules.flatMap((path) => packagesIn(path));
  const own = new Set(all.filter(({ path }) => isOwn(here, path)).map(({ name }) => name));
  if (own.size === 0) return false;
  const stored = modules.map((path) => join(path, STORE)).filter((path) => existsSync(path));
  const inStore = stored.flatMap((store) =>
    readdirSync(store).flatMap((name) => packagesIn(join(store, name, 'node_modules'))),
  );
  return [...all, ...inStore].some(
    ({ path }) => !isOwn(here, path) && dependenciesOf(path).some((name) => own.has(name)),
  );
}

/** A package in `node_modules`: its name there, and its folder. */
interface InstalledPackage {
  readonly name: string;
  readonly path: string;
}

function packagesIn(modules: string): InstalledPackage[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || entry.isFile()) return [];
    if (!entry.name.startsWith('@')) return [{ name: entry.name, path: pathOf(modules, entry) }];
    const scope = join(modules, entry.name);
    return readdirSync(scope, { withFileTypes: true }).map((inner) => ({
      name: `${entry.name}/${inner.name}`,
      path: pathOf(scope, inner),
    }));
  });
}

function pathOf(folder: string, entry: Dirent): string {
  return entry.isSymbolicLink() ? linkTarget(folder, entry) : join(folder, entry.name);
}

function linkTarget(folder: string, entry: Dirent): string {
  return resolve(folder, readlinkSync(join(folder, entry.name)));
}

/** Whether a folder is a package of the repository, not one that was installed. */
function isOwn(here: string, path: string): boolean {
  return isWithin(here, path) && !relative(here, path).split(sep).includes('node_modules');
}

function dependenciesOf(path: string): string[] {
  const file = join(path, 'package.json');
  if (!existsSync(file)) return [];
  const manifest: Record<string, object | undefined> = JSON.parse(readFileSync(file, 'utf8'));
  const kinds = ['dependencies', 'peerDependencies', 'optionalDependencies'];
  return kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}));
}
