/**
 * Loaded before every command, and plain JavaScript, so that a Node that runs no TypeScript says so.
 */

/** Commands run on it and on what is newer. The one that `npm ci` starts on is older: package.json has it as `engines`. */
export const OLDEST_NODE = '22.19.0';

const [major, minor] = process.versions.node.split('.').map(Number);
const [oldestMajor, oldestMinor] = OLDEST_NODE.split('.').map(Number);
if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  console.error(
    `Overlap needs Node ${OLDEST_NODE} or newer and this is ${process.versions.node}: run npm ci, which installs the one ` +
      'it is locked to (its install script must be allowed), and start commands by npm run.',
  );
  process.exit(1);
}
// As early as can be, since npm may be gone by the time that all else is loaded.
await import('./end-with-npm.ts');
