import { randomBytes } from 'node:crypto';
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/**
 * Writes a file atomically, so that a full disk or a killed process leaves the old content. Its folder must exist. A
 * device or a pipe is written to, not replaced by a file.
 *
 * @throws one sentence if it cannot be written
 */
export function writeFileWhole(file: string, data: string | Uint8Array): void {
  if (file === '') throw new Error('A file to write must have a name.');
  try {
    const there = statSync(file, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile()) writeFileSync(file, data);
    else replace(there === undefined ? file : realpathSync(file), data, there?.mode);
  } catch (error) {
    throw new Error(`${file} cannot be written: ${(error as Error).message}.`);
  }
}

function replace(file: string, data: string | Uint8Array, mode = 0o666): void {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(temporary, data, { mode, flush: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
