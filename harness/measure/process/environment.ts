import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { satisfies } from 'semver';
import type { Warning } from '../../model/row.ts';
import type { Project } from '../../project.ts';
import type { Environment } from '../../record/schema.ts';
import { git, gitReason } from '../checkout/git.ts';
import { describeVariables, type ProxyChoice } from './variables.ts';

/** Releases of undici that delay the reuse of a connection, so that a serial loop measures too slow. */
const SLOW_REUSE = '6.27.0 - 6.28.0 || 7.28.0 - 7.29.0 || >=8.5.0 <8.8.0 || 8.10.0';
/** Releases of undici in which the reuse of a connection can stall for half a second. */
const STALLED_REUSE = '>=8.8.0 <8.10.0';
/** With more running processes per core than this, the machine is busy with other work. */
const BUSY_LOAD_PER_CORE = 0.5;

/** Describes the machine and the software before the run; `choice` is the proxy setting of measured processes. */
export async function describeEnvironment(
  project: Pick<Project, 'root' | 'results'>,
  choice: ProxyChoice = {},
): Promise<Environment> {
  const manifest = readManifest(project.root);
  const packages = installedPackages(project.root, manifest);
  const undici = packages.undici ?? 'none';
  const [loadBefore = 0] = loadavg();
  const state = await describeGit(project);
  return {
    node: process.versions.node,
    nodeFrom: nodeFrom(project.root),
    v8: process.versions.v8,
    libuv: process.versions.uv,
    undici: { installed: undici, insideNode: process.versions.undici ?? 'none' },
    packages,
    cpu: { model: cpus()[0]?.model.trim() ?? 'unknown', count: availableParallelism() },
    memoryBytes: totalmem(),
    os: { platform: platform(), release: release(), arch: arch() },
    loadBefore,
    git: state.git,
    project: projectName(manifest),
    variables: describeVariables(choice),
    warnings: [...undiciWarnings(undici), ...loadWarnings(loadBefore), ...state.warnings],
  };
}

/**
 * Where a Node is from: from the npm package `node` that the project or Overlap locks, or else from the user's machine.
 *
 * @param root the project's
 * @param program the absolute path of the Node; by default that of this process
 */
export function nodeFrom(root: string, program = process.execPath): 'lock' | 'machine' {
  const bases = [pathToFileURL(join(root, 'package.json')), import.meta.url];
  const locked = bases.flatMap((base) => {
    const manifest = packageManifest('node', base);
    return manifest === undefined ? [] : [join(dirname(manifest), 'bin', basename(program))];
  });
  const own = realpathSync(program);
  return locked.some((file) => existsSync(file) && realpathSync(file) === own) ? 'lock' : 'machine';
}

/** The path of the package.json of a package as a module at `base` would find it; undefined if it is not installed. */
function packageManifest(name: string, base: string | URL): string | undefined {
  try {
    return findPackageJSON(name, base);
  } catch {
    return undefined;
  }
}

/** Warnings about a release of undici that distorts measurements. */
export function undiciWarnings(version: string): Warning[] {
  const remedy = 'Install another release, as package.json pins it.';
  if (satisfies(version, SLOW_REUSE))
    return [
      {
        what: `undici ${version} waits over 1 ms before it reuses a connection, which inflates every speedup.`,
        remedy,
      },
    ];
  if (satisfies(version, STALLED_REUSE))
    return [
      { what: `undici ${version} can stall before it reuses a connection, which inflates speedups.`, remedy },
    ];
  return [];
}

function loadWarnings(load: number): Warning[] {
  if (load <= BUSY_LOAD_PER_CORE * availableParallelism()) return [];
  return [
    {
      what: `The machine was busy before the run: load ${load.toFixed(1)} on ${availableParallelism()} cores.`,
      remedy: 'Close other programs and run it again.',
    },
  ];
}

/** The fields of package.json that are used here. */
interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The project's package.json; empty without that file. */
function readManifest(root: string): Manifest {
  const file = join(root, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** The project's name and version; null without a name. */
function projectName({ name, version }: Manifest): Environment['project'] {
  if (typeof name !== 'string') return null;
  return { name, version: typeof version === 'string' ? version : null };
}

function installedPackages(
  root: string,
  { dependencies, devDependencies, optionalDependencies }: Manifest,
): Record<string, string> {
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const versions = names.flatMap((name) => {
    try {
      const file = join(root, 'node_modules', name, 'package.json');
      return [[name, JSON.parse(readFileSync(file, 'utf8')).version as string] as const];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(versions);
}

/**
 * The commit, and whether files differ from it; null if git cannot tell, with the reason as a warning.
 *
 * @param results ignored, since result files do not change the code
 */
export async function describeGit({
  root,
  results,
}: Pick<Project, 'root' | 'results'>): Promise<Pick<Environment, 'git' | 'warnings'>> {
  const noCommit = (reason: string) => ({
    git: null,
    warnings: [
      {
        what: `The record names no commit: ${reason}.`,
        remedy: 'Commit the code first, so that the numbers can be traced to it.',
      },
    ],
  });
  try {
    const [head, status] = await Promise.all([
      git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], { cwd: root }),
      git(['status', '--porcelain', '--', '.', ...without(root, results)], { cwd: root }),
    ]);
    // Without a commit, git prints no message.
    if (head.exitCode === 1) return noCommit('this repository has no commits yet');
    if (head.exitCode !== 0) return noCommit(gitReason(head));
    const commit = head.stdout.trim();
    if (status.exitCode === 0) return { git: { commit, dirty: status.stdout.trim() !== '' }, warnings: [] };
    const unknown = {
      what: `The record cannot tell whether files were changed: ${gitReason(status)}.`,
      remedy: 'Run git status here and fix the error that it prints.',
    };
    return { git: { commit, dirty: null }, warnings: [unknown] };
  } catch (error) {
    return noCommit((error as Error).message.replace(/\.$/, ''));
  }
}

/** The git arguments that exclude a folder of the project. */
function without(root: string, folder: string): string[] {
  const path = relative(root, folder);
  return path === '' || path.startsWith('..') ? [] : [`:!${path}`];
}
