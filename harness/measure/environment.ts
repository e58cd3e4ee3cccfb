import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { satisfies } from 'semver';
import { $ } from 'zx';
import type { Environment } from '../record.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Releases of undici that delay the reuse of a connection, by which a serial loop seems slower than it is. */
const SLOW_REUSE = '6.27.0 - 6.28.0 || 7.28.0 - 7.29.0 || >=8.5.0 <8.8.0 || 8.10.0';
/** Releases of undici in which such a reuse can stall for half a second. */
const STALLED_REUSE = '>=8.8.0 <8.10.0';
/** Above this many running processes per core the machine is busy with something else. */
const BUSY_LOAD_PER_CORE = 0.5;

/** Describes the machine and the software, before anything runs. */
export async function describeEnvironment(): Promise<Environment> {
  const packages = installedPackages();
  const undici = packages.undici ?? 'none';
  const [loadBefore = 0] = loadavg();
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    libuv: process.versions.uv,
    undici: { installed: undici, insideNode: process.versions.undici ?? 'none' },
    packages,
    cpu: { model: cpus()[0]?.model.trim() ?? 'unknown', count: availableParallelism() },
    memoryBytes: totalmem(),
    os: { platform: platform(), release: release(), arch: arch() },
    loadBefore,
    git: await describeGit(),
    warnings: [...undiciWarnings(undici), ...loadWarnings(loadBefore)],
  };
}

/** What is wrong with a release of undici for measuring, one sentence each; empty for a good one. */
export function undiciWarnings(version: string): string[] {
  if (satisfies(version, SLOW_REUSE))
    return [`undici ${version} waits over 1 ms before it reuses a connection, which inflates every speedup.`];
  if (satisfies(version, STALLED_REUSE))
    return [`undici ${version} can stall before it reuses a connection, which inflates speedups.`];
  return [];
}

function loadWarnings(load: number): string[] {
  if (load <= BUSY_LOAD_PER_CORE * availableParallelism()) return [];
  return [`The machine was busy before the run: load ${load.toFixed(1)} on ${availableParallelism()} cores.`];
}

function installedPackages(): Record<string, string> {
  const readJson = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
  const { dependencies, devDependencies, optionalDependencies } = readJson('package.json') as Record<
    string,
    Record<string, string>
  >;
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const versions = names.flatMap((name) => {
    try {
      return [[name, readJson(`node_modules/${name}/package.json`).version as string] as const];
    } catch {
      return [];
    }
  });
  return Object.fromEntries(versions);
}

/** Null outside a checkout, as in an unpacked archive. */
async function describeGit(): Promise<Environment['git']> {
  const git = $({ cwd: ROOT, quiet: true, nothrow: true });
  // Results say what was measured, not with what: a run that writes into results/ stays the same code.
  const [head, status] = await Promise.all([
    git`git rev-parse HEAD`,
    git`git status --porcelain -- . :!results`,
  ]);
  if (head.exitCode !== 0) return null;
  return { commit: head.stdout.trim(), dirty: status.stdout.trim() !== '' };
}
