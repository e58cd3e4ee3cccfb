import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from '@commander-js/extra-typings';

/**
 * The absolute path of a directory that an option names.
 *
 * @throws where it is empty
 */
export function directoryOf(option: string, given: string | undefined, byDefault: string): string {
  if (given === '') throw new Error(`${option} must name a directory.`);
  return given === undefined ? byDefault : resolve(given);
}

/**
 * Makes sure that results can be written to a directory, and makes it where it is not there.
 *
 * @throws in one sentence where they cannot
 */
export function openDirectory(option: string, directory: string): void {
  try {
    makeDirectory(directory);
    readdirSync(directory);
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new Error(`${option} ${directory} cannot be written: ${(error as Error).message}.`);
  }
}

/** As mkdirSync does with `recursive`, which turns for ever where a directory can have no new entries (/proc). */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  if (dirname(directory) !== directory) makeDirectory(dirname(directory));
  mkdirSync(directory);
}

/** Directories of results that have a purpose of their own. */
const TAKEN = new Set(['compare', 'latest', 'merged', 'previous', 'reference']);

/** Parses the name of a directory in results/ that a run may be kept in. */
export function baselineName(text: string): string {
  if (!/^[a-z0-9][\w.-]*$/i.test(text))
    throw new InvalidArgumentError('It must be a name of letters, digits, dots and dashes.');
  if (TAKEN.has(text.toLowerCase()))
    throw new InvalidArgumentError(`results/${text} has another purpose; choose another name.`);
  return text;
}
