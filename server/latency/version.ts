import { readFileSync } from 'node:fs';

/** The release of the server; a run with --target needs a server of the same release. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version;
