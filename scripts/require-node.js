/**
 * Loaded before every command, and plain JavaScript, so that a Node that runs no TypeScript says so.
 */
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `Overlap needs Node 22.19 or newer and this is ${process.versions.node}: run npm ci, which installs the one ` +
      'it is locked to (its install script must be allowed), and start commands by npm run.',
  );
  process.exit(1);
}
// As early as can be, since npm may be gone by the time that all else is loaded.
await import('./end-with-npm.ts');
