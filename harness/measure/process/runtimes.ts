import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { coerce, lt } from 'semver';
import type { PeerRuntime, PeerSource } from '../../model/peer.ts';
import { PATIENCE_MS } from './peer-process.ts';
import { measuredVariables } from './variables.ts';

/** A runtime with the name that its folder gives it. */
export interface Runtime {
  readonly name: string;
  /** Its absolute path. */
  readonly folder: string;
  /** The path of its manifest. */
  readonly file: string;
  readonly manifest: PeerRuntime;
  /** The program that runs or builds its peers. */
  readonly program: string;
  /** Whether the user named that program. */
  readonly programGiven: boolean;
}

const MANIFESTS = ['runtime.ts', 'runtime.js'];

/** The parts of a manifest, and their types. */
const PARTS: Readonly<Record<keyof PeerRuntime, { readonly type: string; readonly needed: boolean }>> = {
  program: { type: 'string', needed: true },
  version: { type: 'object', needed: false },
  find: { type: 'function', needed: true },
  prepare: { type: 'function', needed: false },
  start: { type: 'function', needed: true },
  missing: { type: 'function', needed: false },
  install: { type: 'string', needed: false },
};

/** The subfolders that have a manifest, and so are runtimes, in alphabetical order. */
export function runtimeFolders(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => manifestIn(path) !== undefined);
}

/**
 * Checks that folders have different names, and that programs are given for known runtimes only.
 *
 * @param folders one per runtime
 * @param programs the programs that run the peers, by the runtime's name
 * @throws one sentence
 */
export function checkRuntimes(
  folders: readonly string[],
  programs: Readonly<Record<string, string>> = {},
): void {
  const names = folders.map((folder) => basename(folder));
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new Error(
      `Two runtimes are called ${twice}: ${folders.filter((folder) => basename(folder) === twice).join(' and ')}; rename one of the folders.`,
    );
  const unknown = Object.keys(programs).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(
      `There is no runtime "${unknown}"; ${names.length === 0 ? 'the project has no runtimes' : `there are ${names.join(', ')}`}.`,
    );
}

/**
 * Loads the manifests of runtimes.
 *
 * @throws as {@link checkRuntimes}, and if a manifest is missing, throws, or lacks a part
 */
export async function loadRuntimes(
  folders: readonly string[],
  programs: Readonly<Record<string, string>> = {},
): Promise<Runtime[]> {
  checkRuntimes(folders, programs);
  return Promise.all(
    folders.map(async (folder) => {
      const name = basename(folder);
      const file = manifestIn(folder);
      if (file === undefined)
        throw new Error(`${folder} has no ${MANIFESTS.join(' or ')} that says how its peers are started.`);
      const manifest = await loadManifest(file);
      const given = programs[name];
      return {
        name,
        folder,
        file,
        manifest,
        program: given ?? manifest.program,
        programGiven: given !== undefined,
      };
    }),
  );
}

function manifestIn(folder: string): string | undefined {
  return MANIFESTS.map((name) => join(folder, name)).find((file) => existsSync(file));
}

async function loadManifest(file: string): Promise<PeerRuntime> {
  const { default: manifest } = await import(pathToFileURL(file).href).catch((error: unknown) => {
    throw new Error(`${file} cannot be loaded: ${firstLine(messageOf(error))}.`);
  });
  if (typeof manifest !== 'object' || manifest === null)
    throw new Error(`${file} has no runtime as its default export; it should satisfy PeerRuntime.`);
  for (const [part, { type, needed }] of Object.entries(PARTS))
    if (manifest[part] === undefined ? needed : typeof manifest[part] !== type)
      throw new Error(`${file} has no ${part}, which must be a ${type}.`);
  const stray = Object.keys(manifest).find((part) => !(part in PARTS));
  if (stray !== undefined)
    throw new Error(`${file} has a part "${stray}"; a runtime has ${Object.keys(PARTS).join(', ')}.`);
  return manifest;
}

/**
 * The peers of a runtime, with the absolute paths of their files.
 *
 * @throws the errors of the manifest
 */
export function sourcesOf(runtime: Runtime): PeerSource[] {
  const { folder, program, programGiven } = runtime;
  return guarded(runtime, 'find', () =>
    runtime.manifest
      .find(readdirSync(folder).sort(), programGiven ? program : undefined)
      .map((source) => ({ ...source, file: resolve(folder, source.file) })),
  );
}

/** Calls a part of a manifest. @throws one sentence that names the manifest, if the part throws */
export function guarded<Result>({ file }: Runtime, part: keyof PeerRuntime, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw new Error(`${file} failed in ${part}: ${firstLine(messageOf(error))}.`);
  }
}

/** The version of a runtime's program, or one sentence about why the program does not fit. */
export type ProgramCheck = { readonly version: string | null } | { readonly unfit: string };

/**
 * Asks a program for its version.
 *
 * @param program that of the runtime, or of one of its peers
 */
export async function checkProgram(
  { name, manifest, programGiven }: Runtime,
  program: string,
): Promise<ProgramCheck> {
  const { version: wanted, install } = manifest;
  if (wanted === undefined) return { version: null };
  const another = `--runtime ${name}=PATH names another`;
  try {
    const { stdout } = await promisify(execFile)(program, [...wanted.args], {
      timeout: PATIENCE_MS,
      env: measuredVariables(),
    });
    const version = coerce(stdout)?.version ?? null;
    const { least, below } = wanted;
    if (version !== null && !lt(version, least) && (below === undefined || lt(version, below)))
      return { version };
    const range = `of at least ${least}${below === undefined ? '' : ` and below ${below}`}`;
    return { unfit: `${program} is ${firstLine(stdout.trim())}; ${another}, ${range}.` };
  } catch (error) {
    const remedy = programGiven ? another : (install ?? another);
    return { unfit: `${program} cannot be started (${firstLine(messageOf(error))}); ${remedy}.` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
