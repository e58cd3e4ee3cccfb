import { relative } from 'node:path';

/** A path as a user would type it in the current directory. */
export function pathForPeople(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === '' ? '.' : fromHere.startsWith('..') ? path : fromHere;
}
