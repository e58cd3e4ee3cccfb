import { relative } from 'node:path';

/** A path as one would type it from here. */
export function pathForPeople(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === '' ? '.' : fromHere.startsWith('..') ? path : fromHere;
}
