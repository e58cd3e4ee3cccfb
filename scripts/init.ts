/** `init`: writes the files with which a repository measures itself. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandText } from '../harness/installation.ts';
import { placeInGit } from '../harness/measure/checkout/checkout.ts';
import { packageManagerOf } from '../harness/measure/checkout/package-manager.ts';
import {
  STARTER_BENCHMARK,
  STARTER_RESULTS,
  type StarterPlace,
  starterFiles,
} from '../harness/starter-files.ts';
import { writeFileWhole } from '../harness/whole-file.ts';
import { createCommand, EXIT, type Io, type Main, readCommandLine, runCommand } from './command.ts';

type Manager = Omit<StarterPlace, 'folder'>;

const NPM: Manager = { install: ['npm ci'], run: 'npx' };

/** How each package manager installs what a lock file says, and runs a program of a dependency; others as npm. */
const MANAGERS: Readonly<Record<string, Manager>> = {
  pnpm: { install: ['corepack enable', 'pnpm install --frozen-lockfile'], run: 'pnpm exec' },
  yarn: { install: ['yarn install --frozen-lockfile'], run: 'yarn' },
  'yarn@berry': { install: ['corepack enable', 'yarn install --immutable'], run: 'yarn' },
};

const define = () =>
  createCommand('init').description(
    'Writes a benchmark, a config and a workflow for GitHub Actions. Files that exist are left as they are.',
  );

export const main: Main = async (argv, io) => {
  const { root } = await readCommandLine(define(), argv, io);
  const repository = await placeInGit(root, io.signal).catch(() => null);
  io.signal.throwIfAborted();
  const place = repository && {
    folder: repository.folder,
    ...(MANAGERS[(await packageManagerOf(repository.here, root)).agent] ?? NPM),
  };
  for (const { path, from, text } of starterFiles(place))
    writeOnce(join(from === 'project' ? root : repository!.here, path), path, text, io);
  if (place === null) io.print('No workflow was written: this folder is in no git repository.');
  if (!ignoresResults(root)) io.print(`Add this line to .gitignore: ${STARTER_RESULTS}/`);
  io.print(`Then put your own function into ${STARTER_BENCHMARK}, and run: ${commandText('bench')}`);
  return EXIT.done;
};

/** Writes a file, unless there is one. */
function writeOnce(file: string, name: string, text: string, { print }: Io): void {
  if (existsSync(file)) {
    print(`Kept ${name}, which exists.`);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileWhole(file, text);
  print(`Wrote ${name}`);
}

/** Whether the project's .gitignore names the starter's results, or all results. */
function ignoresResults(root: string): boolean {
  const file = join(root, '.gitignore');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split(/\r?\n/) : [];
  return lines.some((line) => [STARTER_RESULTS, 'results'].includes(line.trim().replace(/^\/|\/$/g, '')));
}

if (import.meta.main) await runCommand(main);
