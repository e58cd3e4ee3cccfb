/** Which package manager a project uses, and where its lock file is. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agent } from 'package-manager-detector';
import { resolveCommand } from 'package-manager-detector/commands';
import { LOCKS } from 'package-manager-detector/constants';
import { detect } from 'package-manager-detector/detect';
import { lastWordsOf, type ProgramEnd, runProgram } from '../process/program.ts';
import { toolVariables } from '../process/variables.ts';
import { foldersUpTo } from './folders.ts';

/** The package manager of a project. */
export interface PackageManager {
  readonly agent: Agent;
  /** Where it installs: the folder of the lock file, which for a workspace lies above the package. */
  readonly folder: string;
  /** The name of the lock file; null without one. */
  readonly lock: string | null;
}

/**
 * The package manager whose lock file is nearest to a project; without any, the one that a manifest names, or npm.
 *
 * @param top the top of the repository, where the search ends
 * @param root the folder of the project
 * @throws one sentence if it is Yarn with Plug'n'Play
 */
export async function packageManagerOf(top: string, root: string): Promise<PackageManager> {
  const folders = foldersUpTo(top, root);
  refusePlugAndPlay(folders);
  for (const folder of folders) {
    const found = await detect({ cwd: folder, stopDir: folder, strategies: ['lockfile'] });
    if (found === null) continue;
    const lock = lockIn(folder);
    return { agent: isBerry(folder) ? 'yarn@berry' : found.agent, folder, lock };
  }
  const named = await detect({
    cwd: root,
    stopDir: top,
    strategies: ['packageManager-field', 'devEngines-field'],
  });
  return { agent: named?.agent ?? 'npm', folder: root, lock: null };
}

/** @throws one sentence if one of these folders was installed by Yarn with Plug'n'Play */
function refusePlugAndPlay(folders: readonly string[]): void {
  const folder = folders.find((one) => ['.pnp.cjs', '.pnp.js'].some((name) => existsSync(join(one, name))));
  if (folder === undefined) return;
  throw new Error(
    `${folder} uses Yarn's Plug'n'Play, and Overlap needs node_modules: set nodeLinker: node-modules in .yarnrc.yml, then run yarn install.`,
  );
}

/** A workspace file is listed there, too, but tells no versions. */
function lockIn(folder: string): string | null {
  const names = Object.keys(LOCKS).filter((name) => !name.includes('-workspace.'));
  return names.find((name) => existsSync(join(folder, name))) ?? null;
}

/** Yarn 2 and newer write another lock file than Yarn 1, with the same name. */
function isBerry(folder: string): boolean {
  const file = join(folder, 'yarn.lock');
  return existsSync(file) && /^__metadata:/m.test(readFileSync(file, 'utf8'));
}

/**
 * Installs exactly what a lock file says; without one, what the manifest asks for.
 *
 * @throws one sentence if that fails; the abort reason of `signal`
 */
export async function installLocked(
  { agent, folder, lock }: PackageManager,
  signal: AbortSignal,
): Promise<void> {
  // Experiments need devDependencies, which npm leaves out where NODE_ENV=production or its own setting says so.
  const options = agent === 'npm' ? ['--include=dev', '--no-audit', '--no-fund'] : [];
  const resolved = resolveCommand(agent, lock === null ? 'install' : 'frozen', options);
  if (resolved === null) throw new Error(`${agent} cannot install what a lock file says.`);
  await runTool(resolved.command, resolved.args, folder, signal);
}

/** Adds packages to an installation of npm; its lock file stays as it is. @throws as {@link installLocked} */
export async function addPackages(
  packages: readonly string[],
  root: string,
  signal: AbortSignal,
): Promise<void> {
  await runTool('npm', ['install', '--no-save', ...packages, '--no-audit', '--no-fund'], root, signal);
}

/** How to start a package manager. These are scripts, which Windows only starts through a shell. */
export function managerCommand(name: string, args: readonly string[]): [program: string, ...args: string[]] {
  return process.platform === 'win32' ? ['cmd', '/d', '/c', name, ...args] : [name, ...args];
}

async function runTool(
  name: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<void> {
  const [program, ...all] = managerCommand(name, args);
  const options = { cwd, env: installVariables(), signal, attended: true, whole: true };
  const end = await runProgram(program, all, options);
  if (end.exitCode === 0) return;
  throw new Error(`${name} ${args[0]} failed: ${reasonOf(end)}.`);
}

/** How npm, pnpm and Yarn 1 begin the line that says what is wrong. npm has others, with parts of it. */
const ERROR_LINE = /^(npm error (?!(code|syscall|path|errno|dest|command)\b)\S+ \S|\s*\W?ERR_PNPM|error )/;

/** Why a package manager failed; pnpm and Yarn 2 say so on their standard output. */
function reasonOf(end: ProgramEnd): string {
  const stderr = [end.stderr, end.stdout].find((text) => text.trim() !== '') ?? '';
  const said = stderr.split('\n').find((line) => ERROR_LINE.test(line));
  return (said ?? lastWordsOf({ ...end, stderr }, /^\s*$|YN0000/)).trim().replace(/\.$/, '');
}

/** The user's variables, and those that keep an installation to itself. */
function installVariables(): NodeJS.ProcessEnv {
  const { NODE_ENV, ...kept } = toolVariables();
  // Nothing asks questions, and no git hooks are set up: they would be those of the user's repository.
  return { CI: 'true', ...kept, HUSKY: '0' };
}
