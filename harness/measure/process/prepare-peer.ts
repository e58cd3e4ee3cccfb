import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { PeerCommand, PeerPlace, PeerSource } from '../../model/peer.ts';
import type { Runtime } from './runtimes.ts';

/** A compiler that takes longer counts as hung; libraries in Rust take minutes. */
const BUILD_LIMIT_MS = 15 * 60_000;
/** What a compiler may say, in bytes, before it is stopped. */
const BUILD_OUTPUT_BYTES = 64 * 2 ** 20;

/** A peer that could not be built; the message is one sentence with the compiler's reason. */
export class BuildFailed extends Error {}

/**
 * Lets a runtime build a peer, unless what it has built of the same sources is still there.
 *
 * @param version of the runtime's program, on which the result depends
 * @param cache the folder of everything that is built, which is made where it is not there
 * @returns where the peer and its result are
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
    const words = [id, program, version, process.platform, process.arch];
    const output = join(cache, name, `${id}-${hashOf(words, folder, file)}`);
    const place = { id, file, program, output };
    if (!existsSync(output))
      await build(output, (unfinished) => prepare({ ...place, output: unfinished }, runCompiler));
    return place;
  } catch (error) {
    throw new BuildFailed(`${id} could not be built (${reasonOf(error)}).`, { cause: error });
  }
}

/** Fills a folder whole or not at all: another run may build the same. */
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
    // Another run was faster, with the same.
    if (!existsSync(output)) throw error;
  }
}

async function runCompiler({ command, args, env }: PeerCommand): Promise<void> {
  await promisify(execFile)(command, [...args], {
    env: { ...process.env, ...env },
    timeout: BUILD_LIMIT_MS,
    killSignal: 'SIGKILL',
    maxBuffer: BUILD_OUTPUT_BYTES,
  });
}

/** Of all that a build depends on: the given words, every file of the runtime, and the peer's own where it lies elsewhere. */
function hashOf(words: readonly (string | null)[], folder: string, file: string): string {
  const hash = createHash('sha256').update(JSON.stringify(words));
  const elsewhere = relative(folder, file).startsWith('..') ? filesIn(file) : [];
  for (const path of [...filesIn(folder), ...elsewhere]) {
    const bytes = readFileSync(path);
    hash.update(JSON.stringify([relative(folder, path), bytes.length])).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Every file in a folder; a file alone is its own. */
function filesIn(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The line of what a compiler said that names an error first, or else the last; without one, what is wrong with it. */
function reasonOf(error: unknown): string {
  const { stderr = '', message = String(error) } = error as { stderr?: string; message?: string };
  const said = [stderr, message].map((text) => text.split('\n').filter((line) => /\S/.test(line)));
  const lines = said.find(({ length }) => length > 0) ?? ['it gave no reason'];
  return (lines.find((line) => /\berror\b/i.test(line)) ?? lines.at(-1)!).trim();
}
