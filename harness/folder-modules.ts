/** Loads folders of modules of the same kind: clients, limiters, exports. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A file that is not imported yet. */
export interface FolderModule {
  /** The file's name without its ending. */
  readonly name: string;
  /** Its absolute path. */
  readonly file: string;
  /** Imports it. @returns its default export, or undefined. @throws the error of the import */
  load(): Promise<unknown>;
}

/**
 * Finds the source files directly in a folder without importing them.
 *
 * @param folder its absolute path
 * @param first names of files that come first, in this order, if they exist; the others follow by name
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
