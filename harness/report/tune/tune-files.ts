import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TUNE_FILE } from '../../tune/tune-record.ts';

/** The page and the picture of a search. */
export const TUNE_PAGE = 'tune.html';
export const TUNE_PICTURE = 'tune.png';

/** The paths of the files of a search that are in a directory. */
export function tuneFiles(directory: string): string[] {
  return [TUNE_FILE, TUNE_PAGE, TUNE_PICTURE]
    .map((name) => join(directory, name))
    .filter((file) => existsSync(file));
}
