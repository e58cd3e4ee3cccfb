import { join } from 'node:path';
import { managerCommand } from '../harness/measure/checkout/package-manager.ts';
import { lastWordsOf, runProgram } from '../harness/measure/process/program.ts';
import { toolVariables } from '../harness/measure/process/variables.ts';

/** A tarball. */
export interface Tarball {
  /** Its absolute path. */
  readonly file: string;
  /** How many files it has, and how many bytes they are. */
  readonly files: number;
  readonly bytes: number;
}

/**
 * Makes a tarball of a folder with `npm pack`.
 *
 * @param out the directory for the tarball, which must exist
 * @param signal ends npm
 * @throws one sentence if npm fails
 */
export async function packFolder(folder: string, out: string, signal: AbortSignal): Promise<Tarball> {
  const [npm, ...args] = managerCommand('npm', ['pack', '--json', '--pack-destination', out]);
  const end = await runProgram(npm, args, { cwd: folder, env: toolVariables(), signal });
  if (end.exitCode !== 0) throw new Error(`npm pack failed: ${lastWordsOf(end, /A complete log/)}`);
  const [{ filename, entryCount, unpackedSize }] = JSON.parse(end.stdout);
  return { file: join(out, filename), files: entryCount, bytes: unpackedSize };
}
