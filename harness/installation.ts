/** How Overlap is installed, as this repository or as an npm package, and so what people type to run its commands. */
import { readFileSync } from 'node:fs';

/** The name of the npm package. */
export const PACKAGE_NAME = 'overlap-bench';

const manifest: { readonly name: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);
/** Whether this code is the npm package; its own manifest says so, wherever it is installed. */
export const IS_PACKAGE = manifest.name === PACKAGE_NAME;

/**
 * What people type to run a command.
 *
 * @param args its options and arguments, as in `--list`; empty for none
 * @returns `npm run bench -- --list` in this repository, `npx overlap-bench bench --list` in a project that uses the package
 */
export function commandText(name: string, args = '', isPackage = IS_PACKAGE): string {
  if (args !== '') return `${usageText(name, isPackage)} ${args}`;
  return isPackage ? usageText(name, isPackage) : `npm run ${name}`;
}

/** What stands before the options of a command: `npm run bench --`, or `npx overlap-bench bench`. */
export function usageText(name: string, isPackage = IS_PACKAGE): string {
  return isPackage ? `npx ${PACKAGE_NAME} ${name}` : `npm run ${name} --`;
}

/**
 * What people type to add a package that is not installed.
 *
 * @param name the package
 */
export function installText(name: string, isPackage = IS_PACKAGE): string {
  return isPackage ? `npm install --save-dev ${name}` : 'npm ci --include=dev';
}

/** The name of the package that an import did not find, or undefined if it failed for another reason. */
export function missingPackage(error: unknown): string | undefined {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  return /^Cannot find package '([^']+)'/.exec(message ?? '')?.[1];
}
