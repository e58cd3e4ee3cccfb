import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathForPeople } from '../harness/path.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand } from './command.ts';
import { directoryOf, openDirectory } from './directory.ts';

const define = () =>
  createCommand('pack')
    .description(
      'Makes the npm package overlap-bench from this repository, as a tarball that npm can install.',
    )
    .option('--out <dir>', 'the directory for the tarball (default: the current directory)');

export const main: Main = async (argv, io) => {
  const command = define();
  await readCommandLine(command, argv, io);
  const out = directoryOf('--out', command.opts().out, process.cwd());
  openDirectory('--out', out);
  // The compiler and the bundler load slowly.
  const { makePackage } = await import('../package/make-package.ts');
  const { packFolder } = await import('../package/pack-folder.ts');
  const folder = mkdtempSync(join(tmpdir(), 'overlap-package-'));
  try {
    await makePackage(folder, io.signal);
    const { file, files, bytes } = await packFolder(folder, out, io.signal);
    io.print(pathForPeople(file));
    io.warn(
      `${files} files, ${(bytes / 1e6).toFixed(1)} MB unpacked; npm install --save-dev FILE adds it to a project.`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
  return EXIT.done;
};

if (import.meta.main) await runCommand(main);
