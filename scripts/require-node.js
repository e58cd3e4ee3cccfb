/**
 * Loaded before every command. It is plain JavaScript, so that a Node without TypeScript support can print the error.
 */

import { readFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest Node for commands. `npm ci` also works on older ones: see `engines` in package.json. */
export const OLDEST_NODE = '22.19.0';

const [major, minor] = process.versions.node.split('.').map(Number);
const [oldestMajor, oldestMinor] = OLDEST_NODE.split('.').map(Number);
// Only this repository locks a Node; a project that uses the package has its own.
const manifestUrl = new URL('../package.json', import.meta.url);
const { node: locked } = JSON.parse(readFileSync(manifestUrl, 'utf8')).dependencies;
if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  console.error(
    `Overlap needs Node ${OLDEST_NODE} or newer and this is ${process.versions.node}: ${
      locked === undefined
        ? 'install a newer one from nodejs.org.'
        : 'run npm ci, which installs the locked Node (allow its install script), and start commands with npm run.'
    }`,
  );
  process.exit(1);
}
if (process.versions.pnp !== undefined) {
  console.error(
    "Overlap needs node_modules, and this is Yarn's Plug'n'Play: set nodeLinker: node-modules in .yarnrc.yml, then run yarn install.",
  );
  process.exit(1);
}
// What Node compiles of a command is kept for the next one. Measured processes do not inherit it: it would change what they take.
// By default it goes to the temporary folder, since the folder of an installed package is not ours to write to.
module.enableCompileCache(
  locked === undefined ? undefined : join(dirname(fileURLToPath(manifestUrl)), 'node_modules/.cache/overlap'),
);
// As early as possible, since npm may end while other modules load.
await import('./end-with-npm.ts');
