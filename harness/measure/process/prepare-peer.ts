import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { PeerCommand, PeerPlace, PeerSource } from '../../model/peer.ts';
import type { Runtime } from './runtimes.ts';

/** The time limit of a compiler; libraries in Rust take minutes. */
const BUILD_LIMIT_MS = 15 * 60_000;
/** The most output of a compiler, in bytes. */
const BUILD_OUTPUT_BYTES = 64 * 2 ** 20;

/** A peer that could not be built; the message is one sentence with the compiler's reason. */
export class BuildFailed extends Error {}

/**
 * Lets a runtime build a peer, unless the cache holds a build of the same sources. Peers of one file share a build.
 *
 * @param version the version of the runtime's program, which is part of the cache key
 * @param cache the folder of all builds, which is created if it is missing
 * @returns the paths of the peer and of its build
 * @throws BuildFailed
 */
export async function preparePeer(
  { name, folder, manifest, program }: Runtime,
  { id, file }: PeerSource,
  version: string | null,
  cache: string,
): Promise<PeerPlace> {
  const { prepare } = manifest;
  if (prepare === undefined) return { id, file, program, output: join(cache, name, id) };
  try {
    const words = [relative(folder, file), program, version, process.platform, process.arch];
    const output = join(cache, name, `${basename(file)}-${hashOf(words, folder, file)}`);
    const place = { id, file, program, output };
    if (!existsSync(output)) {
      const fill = (unfinished: string) => prepare({ ...place, output: unfinished }, runCompiler);
      if (!building.has(output)) building.set(output, build(output, fill));
      await building.get(output);
    }
    return place;
  } catch (error) {
    throw new BuildFailed(`${id} could not be built (${reasonOf(error)}).`, { cause: error });
  }
}

/** The builds of this process, by their folders. */
const building = new Map<string, Promise<void>>();

/** Fills a folder atomically, since another run may build the same peer. */
async function build(output: string, fill: (folder: string) => Promise<void>): Promise<void> {
  const unfinished = `${output}.${process.pid}`;
  try {
    mkdirSync(unfinished, { recursive: true });
    await fill(unfinished);
    keep(unfinished, output);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function keep(unfinished: string, output: string): void {
  try {
    renameSync(unfinished, output);
  } catch (error) {
    // Another run has built the same peer first.
    if (!existsSync(output)) throw error;
  }
}

async function runCompiler({ command, args, env, cwd }: PeerCommand): Promise<void> {
  await promisify(execFile)(command, [...args], {
    env: { ...process.env, ...env },
    cwd,
    timeout: BUILD_LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: BUILD_OUTPUT_BYTES,
  });
}

/** The hash of a build's inputs: the given words, every file of the runtime, and the peer's file if it is outside. */
function hashOf(words: readonly (string | null)[], folder: string, file: string): string {
  const hash = createHash('sha256').update(JSON.stringify(words));
  const elsewhere = relative(folder, file).startsWith('..') ? filesIn(file) : [];
  for (const path of [...filesIn(folder), ...elsewhere]) {
    const bytes = readFileSync(path);
    hash.update(JSON.stringify([relative(folder, path), bytes.length])).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Every file in a folder; for a file, the file itself. */
function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The first line of a compiler's output that names an error, or else its last line. */
function reasonOf(error: unknown): string {
  const { stderr = '', message = String(error) } = error as { stderr?: string; message?: string };
  const said = [stderr, message].map((text) => text.split('\n').filter((line) => /\S/.test(line)));
  const lines = said.find(({ length }) => length > 0) ?? ['it gave no reason'];
  return (lines.find((line) => /\berror\b/i.test(line)) ?? lines.at(-1)!).trim();
}
