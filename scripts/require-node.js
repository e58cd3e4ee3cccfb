/**
 * Loaded before every command. It is plain JavaScript, so that a Node without TypeScript support can print the error.
 */

import module from 'node:module';
import { dirname, join } from 'node:path';

/** The oldest Node for commands. `npm ci` also works on older ones: see `engines` in package.json. */
export const OLDEST_NODE = '22.19.0';

const [major, minor] = process.versions.node.split('.').map(Number);
const [oldestMajor, oldestMinor] = OLDEST_NODE.split('.').map(Number);
if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  console.error(
    `Overlap needs Node ${OLDEST_NODE} or newer and this is ${process.versions.node}: run npm ci, which installs the ` +
      'locked Node (allow its install script), and start commands with npm run.',
  );
  process.exit(1);
}
// What Node compiles of a command is kept for the next one. Measured processes do not inherit it: it would change what they take.
module.enableCompileCache(
  join(dirname(module.findPackageJSON(import.meta.url)), 'node_modules/.cache/overlap'),
);
// As early as possible, since npm may end while other modules load.
await import('./end-with-npm.ts');
