import { existsSync, globSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Argument } from '@commander-js/extra-typings';
import { installLocked } from '../harness/measure/checkout/package-manager.ts';
import { findPeers, type Peer } from '../harness/measure/process/peers.ts';
import type { Project } from '../harness/project.ts';
import { createCommand, EXIT, type Io, type Main, readCommandLine, runCommand } from './command.ts';

const define = () =>
  createCommand('peers')
    .description(
      'Lists the peers (programs in other runtimes) that can run here, and installs those that come by npm.',
    )
    .addArgument(
      new Argument('[action]', 'list (default), or install: put the packages of peers into their own folders')
        .choices(['list', 'install'] as const)
        .default('list' as const),
    )
    .argument('[runtimes...]', 'with install: the runtimes to install, as bun node (default: all)');

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const [action, names] = command.processedArgs;
  if (action === 'install') await install(project, names, io);
  else await list(project, io);
  return EXIT.done;
};

/** Installs what the lock file of each folder says. @throws one sentence if npm fails, or a name has no packages */
async function install({ root, peers }: Project, names: readonly string[], io: Io): Promise<void> {
  const all = peers.map((folder) => ({ name: basename(folder), folders: packageFolders(folder) }));
  const able = all.filter(({ folders }) => folders.length > 0);
  const unknown = names.find((name) => !able.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new Error(
      `"${unknown}" is no runtime with packages from npm; ${able.length === 0 ? 'the project has no such runtime' : `there are ${able.map(({ name }) => name).join(', ')}`}.`,
    );
  const wanted = able.filter(({ name }) => names.length === 0 || names.includes(name));
  if (wanted.length === 0) io.print('No peer of this project comes by npm.');
  for (const folder of wanted.flatMap(({ folders }) => folders)) {
    const lock = existsSync(join(folder, 'package-lock.json')) ? 'package-lock.json' : null;
    await installLocked({ agent: 'npm', folder, lock }, io.signal);
    io.print(`Installed ${relative(root, folder)}.`);
  }
}

/** The folder of a runtime and its subfolders, where they have packages. */
function packageFolders(folder: string): string[] {
  return globSync(['package.json', '*/package.json'], { cwd: folder })
    .map((file) => dirname(join(folder, file)))
    .filter((one) => basename(one) !== 'node_modules')
    .sort();
}

async function list({ peers: folders, cache }: Project, io: Io): Promise<void> {
  const { found, skipped } = await findPeers({ folders, cache: join(cache, 'peers') });
  for (const peer of found) io.print(lineOf(peer));
  for (const { id, reason } of skipped) io.print(`${id}: not here. ${reason}`);
  if (found.length + skipped.length === 0) io.print('This project has no peers.');
}

function lineOf({ id, versions, client, settings = [] }: Peer): string {
  const all = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const set = settings.map(({ name, value }) => `${name}: ${value}`);
  return `${id}: ${[all.join(', '), ...(client === undefined ? [] : [client]), ...set].join('; ')}`;
}

if (import.meta.main) await runCommand(main);
