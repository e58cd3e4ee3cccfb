import { existsSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Type } from 'typebox';
import type { ServerElsewhere, TargetKind } from '../../model/target.ts';

/** A kind with the name that its folder gives it. */
export interface NamedKind extends TargetKind {
  readonly name: string;
}

/** All kinds of target. Each is loaded on first use. */
export interface TargetKinds {
  /** In the order of their folders. */
  readonly names: readonly string[];
  /**
   * Loads a kind.
   *
   * @throws TargetKindError if the kind does not exist or cannot be used
   */
  load(name: string): Promise<NamedKind>;
}

/** A kind that cannot be used; the message is one sentence that follows a colon. */
export class TargetKindError extends Error {}

/**
 * Finds kinds of target: each folder with a `kind.ts` or `kind.js` is a kind with the folder's name.
 *
 * @param folders absolute paths
 */
export function findTargetKinds(folders: readonly string[]): TargetKinds {
  const files = folders.flatMap((folder) => {
    const file = ['kind.ts', 'kind.js'].map((name) => join(folder, name)).find((path) => existsSync(path));
    return file === undefined ? [] : [{ name: basename(folder), file }];
  });
  const names = [...new Set(files.map(({ name }) => name))];
  const loaded = new Map<string, Promise<NamedKind>>();
  return {
    names,
    load(name) {
      const kind = loaded.get(name) ?? loadOne(name);
      loaded.set(name, kind);
      return kind;
    },
  };

  async function loadOne(name: string): Promise<NamedKind> {
    const [first, second] = files.filter((one) => one.name === name);
    if (first === undefined)
      throw new TargetKindError(
        `there is no target kind "${name}"; there are ${names.join(', ') || 'no kinds'}.`,
      );
    if (second !== undefined)
      throw new TargetKindError(
        `two folders are the target kind "${name}", ${first.file} and ${second.file}; rename one.`,
      );
    return { ...checkKind(first.file, await importKind(first.file)), name };
  }
}

async function importKind(file: string): Promise<Partial<TargetKind>> {
  try {
    const module: { default?: Partial<TargetKind> } = await import(pathToFileURL(file).href);
    return module.default ?? {};
  } catch (error) {
    const [reason = ''] = String(error).split('\n');
    throw new TargetKindError(`${file} cannot be loaded (${reason}).`);
  }
}

const isFile = (value: unknown) => typeof value === 'string' && isAbsolute(value) && existsSync(value);
const isFunction = (value: unknown) => typeof value === 'function';
const isElsewhere = (value: unknown) => {
  const { example, originOf, check } = (value ?? {}) as Partial<ServerElsewhere>;
  return typeof example === 'string' && isFunction(originOf) && isFunction(check);
};

/** The check of each part, and its description. */
const PARTS: { readonly [Part in keyof Required<TargetKind>]: [(value: unknown) => boolean, string] } = {
  program: [isFile, 'the absolute path of a file'],
  options: [(value) => Type.IsObject(value), 'a schema made by Type.Object'],
  checkOptions: [(value) => value === undefined || isFunction(value), 'a function, or left out'],
  capacity: [(value) => value === undefined || isFunction(value), 'a function, or left out'],
  requestBudget: [(value) => value === undefined || isFunction(value), 'a function, or left out'],
  missing: [isFunction, 'a function'],
  witness: [(value) => value === null || isFile(value), 'the absolute path of a file, or null'],
  detached: [(value) => typeof value === 'boolean', 'true or false'],
  putAwayLimitMs: [(value) => Number.isFinite(value) && (value as number) >= 0, 'a number of ms, 0 or more'],
  elsewhere: [
    (value) => value === null || isElsewhere(value),
    'an object with example, originOf and check, or null',
  ],
};

function toldAs(value: unknown): string {
  return typeof value === 'object' || isFunction(value) ? 'something else' : JSON.stringify(value);
}

function checkKind(file: string, given: Partial<TargetKind>): TargetKind {
  for (const [part, [fits, what]] of Object.entries(PARTS)) {
    const value = given[part as keyof TargetKind];
    if (!fits(value))
      throw new TargetKindError(
        `${file} is not a target kind: ${part} must be ${what}, and is ${value === undefined ? 'missing' : toldAs(value)}.`,
      );
  }
  return given as TargetKind;
}
