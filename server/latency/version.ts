import { readFileSync } from 'node:fs';

/** The release that a server belongs to: whoever measures against one elsewhere needs the same. */
export const VERSION: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version;
