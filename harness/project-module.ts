/** Imports the files that a project writes for Overlap: its config and its experiments. */
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A line that only an ES module can have. */
const ES_MODULE = /^\s*(import|export)(\s+\w|\s*[{*'"])/m;

/**
 * Imports a file of a project.
 *
 * It may be written as an ES module wherever it is. `npm init` makes projects whose `.js` and `.ts` files Node takes for
 * CommonJS, and most TypeScript there is written as ES modules all the same.
 *
 * @param file its absolute path
 * @throws the error of the import
 */
export async function importProjectModule(file: string): Promise<{ readonly default?: unknown }> {
  if (!isInEsPackage(file)) takeEsModulesAsSuch();
  return import(pathToFileURL(file).href);
}

function isInEsPackage(file: string): boolean {
  const manifest = module.findPackageJSON(pathToFileURL(file));
  // Where no folder above has a package.json, Node gives the file itself.
  if (manifest === undefined || basename(manifest) !== 'package.json') return false;
  return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
}

let taken = false;

/** Makes Node load a `.js` or `.ts` file outside of node_modules as an ES module if it is written as one. */
function takeEsModulesAsSuch(): void {
  if (taken) return;
  taken = true;
  module.registerHooks({
    load(url, context, next) {
      const { format } = context;
      const isUnclear = format === null || format === undefined || /^commonjs(-typescript)?$/.test(format);
      if (!isUnclear || !/^file:.*\.[jt]s$/.test(url) || url.includes('/node_modules/'))
        return next(url, context);
      if (!ES_MODULE.test(readFileSync(fileURLToPath(url), 'utf8'))) return next(url, context);
      return next(url, { ...context, format: url.endsWith('.ts') ? 'module-typescript' : 'module' });
    },
  });
}
