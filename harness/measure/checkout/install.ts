import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { lastWordsOf, runProgram } from '../process/program.ts';
import { toolVariables } from '../process/variables.ts';

/** How to start npm with arguments. It is a script, which Windows only starts through a shell. */
export function npmCommand(...args: readonly string[]): [program: string, ...args: string[]] {
  return process.platform === 'win32' ? ['cmd', '/d', '/c', 'npm', ...args] : ['npm', ...args];
}

const NODE_BINARY = process.platform === 'win32' ? 'node.exe' : 'node';

/**
 * Installs a checkout's dependencies; if its lock file equals ours, it reuses our node_modules.
 *
 * @param ours the root of this checkout
 * @param packages to install instead of the locked versions, as in `undici@7`
 * @returns the path of the Node that measures there
 * @throws one sentence if an installation fails; the abort reason of `signal`
 */
export async function install(
  directory: string,
  ours: string,
  packages: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const sameLock = lockOf(directory) === lockOf(ours);
  if (packages.length === 0 && existsSync(join(ours, 'node_modules')) && sameLock) {
    symlinkSync(join(ours, 'node_modules'), join(directory, 'node_modules'), 'junction');
    return process.execPath;
  }
  // Experiments need devDependencies, which npm leaves out where NODE_ENV=production.
  await runNpm(['ci', '--include=dev'], directory, signal);
  if (packages.length > 0) await runNpm(['install', '--no-save', ...packages], directory, signal);
  return nodeFor(directory, ours, packages);
}

/**
 * The Node that measures in a checkout: the one that runs this process, so both sides use the same. A checkout that asks
 * for another release than ours, and has it installed, measures with that release.
 *
 * @param packages the packages that were requested there
 * @throws one sentence if a Node among the packages was not installed
 */
export function nodeFor(directory: string, ours: string, packages: readonly string[]): string {
  const asked = packages.some((name) => /^node(@|$)/.test(name));
  const locked = JSON.parse(lockOf(ours)).packages?.['node_modules/node']?.version;
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

function lockOf(directory: string): string {
  return readFileSync(join(directory, 'package-lock.json'), 'utf8');
}

async function runNpm(args: readonly string[], cwd: string, signal: AbortSignal): Promise<void> {
  const [npm, ...all] = npmCommand(...args, '--no-audit', '--no-fund');
  const end = await runProgram(npm, all, { cwd, env: toolVariables(), signal, attended: true });
  if (end.exitCode === 0) return;
  throw new Error(`npm ${args[0]} failed: ${lastWordsOf(end, /A complete log/)}`);
}
