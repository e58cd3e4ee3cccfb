import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/**
 * Keeps a folder for this process, so that no two commands write into it at the same time, not even from two machines.
 *
 * @returns what ends that
 * @throws one sentence if another process has it
 */
export function lockFolder(directory: string): () => void {
  const file = join(directory, '.merging');
  const take = () => writeFileSync(file, `${process.pid} ${hostname()}`, { flag: 'wx' });
  try {
    take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const [pid = '', host = ''] = readFileSync(file, 'utf8').split(' ');
    if (host !== hostname() || isAlive(Number(pid)))
      throw new Error(
        `Process ${pid} on ${host} merges into ${directory}; wait for it, or remove ${file} if it is gone.`,
      );
    // It was killed.
    rmSync(file);
    take();
  }
  return () => rmSync(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
