import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from '@commander-js/extra-typings';

/**
 * The absolute path of a directory given by an option.
 *
 * @throws if it is empty
 */
export function directoryOf(option: string, given: string | undefined, byDefault: string): string {
  if (given === '') throw new Error(`${option} must name a directory.`);
  return given === undefined ? byDefault : resolve(given);
}

/**
 * Checks that results can be written to a directory, and creates it if it does not exist.
 *
 * @throws one sentence if it cannot be written
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

/** Replaces mkdirSync with `recursive`, which never returns where a directory cannot have new entries (/proc). */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  if (dirname(directory) !== directory) makeDirectory(dirname(directory));
  mkdirSync(directory);
}

/** Directories of results with another purpose. */
const TAKEN = new Set(['compare', 'latest', 'merged', 'previous', 'reference', 'shards']);

/** Parses the name of a directory in results/ for a baseline. */
export function baselineName(text: string): string {
  if (!/^[a-z0-9][\w.-]*$/i.test(text))
    throw new InvalidArgumentError('It must be a name of letters, digits, dots and dashes.');
  if (TAKEN.has(text.toLowerCase()))
    throw new InvalidArgumentError(`results/${text} has another purpose; choose another name.`);
  return text;
}
