/** Folders in which each file is one of a kind: a client, a limiter, an export. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A file that was found and is not imported yet. */
export interface FolderModule {
  /** The file's name without its ending. */
  readonly name: string;
  /** Its absolute path. */
  readonly file: string;
  /** Imports it. @returns its default export, undefined where it has none. @throws what the import throws */
  load(): Promise<unknown>;
}

/**
 * Finds the source files directly in a folder; none is imported.
 *
 * @param folder its absolute path
 * @param first names of files that come first, in this order, where they are there; the others follow by name
 */
export function modulesIn(folder: string, first: readonly string[] = []): FolderModule[] {
  const placeOf = ({ name }: FolderModule) => (first.includes(name) ? first.indexOf(name) : first.length);
  return readdirSync(folder)
    .filter((name) => /\.(ts|js)$/.test(name) && !name.endsWith('.d.ts'))
    .sort()
    .map((base): FolderModule => {
      const file = join(folder, base);
      return {
        name: base.replace(/\.\w+$/, ''),
        file,
        async load() {
          const module: { default?: unknown } = await import(pathToFileURL(file).href);
          return module.default;
        },
      };
    })
    .sort((one, other) => placeOf(one) - placeOf(other));
}
