/** What belongs to experiments, and so comes from this checkout on both sides of a comparison. */
import { cpSync, existsSync, lstatSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { PACKAGE_NAME } from '../../installation.ts';
import { CONFIG_NAMES, openProject, type Project } from '../../project.ts';
import { foldersUpTo, isReallyWithin, isWithin } from './folders.ts';

/** The same project in another checkout. */
export interface ProjectThere {
  readonly project: Project;
  /** The top of the other checkout. */
  readonly there: string;
  /** The folder of the project in it. */
  readonly root: string;
}

/**
 * Copies the config, the experiments and what belongs to them to the same places of another checkout. Experiments that only
 * the other checkout has are removed from it.
 *
 * @throws one sentence if a file lies outside of the repository, or the config cannot be read there
 */
export async function copyExperiments({ project, there, root }: ProjectThere): Promise<void> {
  const { config, experiments, shared, peers, targets } = project;
  for (const name of CONFIG_NAMES) rmSync(join(root, name), { force: true });
  const ofConfig = [...peers, ...targets].filter((path) => !isInstalled(project.root, path));
  for (const path of [config ?? [], experiments, shared, ofConfig].flat()) {
    const target = placeOf(path, { project, there, root });
    rmSync(target, { recursive: true, force: true });
    // A link would lead back to this checkout.
    const filter = (file: string) => basename(file) !== 'node_modules';
    cpSync(path, target, { recursive: true, dereference: true, filter });
  }
  const copied = new Set(experiments.map((file) => placeOf(file, { project, there, root })));
  const { experiments: all } = await openProject(root);
  for (const file of all) if (!copied.has(file) && isReallyWithin(there, file)) rmSync(file);
}

/** Whether a path lies in `node_modules`, or is part of Overlap and not of the project's repository. */
function isInstalled(root: string, path: string): boolean {
  return relative(root, path).split(sep).includes('node_modules') || relative(root, path).startsWith('..');
}

/** The place of one of our files in the other checkout. */
function placeOf(path: string, { project, there, root }: ProjectThere): string {
  const target = join(root, relative(project.root, path));
  const parent = dirname(target);
  if (isWithin(there, parent)) {
    // Links that git keeps may lead anywhere.
    const existing = foldersUpTo(there, parent).find((folder) => existsSync(folder))!;
    if (isReallyWithin(there, existing)) return target;
  }
  throw new Error(`${path} lies outside of the git repository, so the base cannot run it; move it inside.`);
}

/**
 * Makes the other checkout import Overlap from where this one does, also if it has another release or none.
 *
 * @param here the top of this checkout
 */
export function linkOverlap(here: string, { project, there, root }: ProjectThere): void {
  const folders = [project.root, ...project.experiments.map((file) => dirname(file))];
  const above = folders.flatMap((folder) => foldersUpTo(here, folder));
  const installed = above.map(packageIn).find((path) => existsSync(path));
  if (installed === undefined) return;
  for (const folder of above) {
    const other = packageIn(join(root, relative(project.root, folder)));
    const exists = lstatSync(other, { throwIfNoEntry: false }) !== undefined;
    if (exists && isReallyWithin(there, dirname(other))) rmSync(other, { recursive: true });
  }
  const own = packageIn(root);
  mkdirSync(dirname(own), { recursive: true });
  symlinkSync(realpathSync(installed), own, 'junction');
}

function packageIn(folder: string): string {
  return join(folder, 'node_modules', PACKAGE_NAME);
}
