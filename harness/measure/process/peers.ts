import type { PeerCommand, PeerPlace, PeerSource } from '../../model/peer.ts';
import { PeerFailed } from './line-process.ts';
import { LibraryMissing, type PeerAbilities, startPeer } from './peer-process.ts';
import { BuildFailed, preparePeer } from './prepare-peer.ts';
import { checkProgram, guarded, loadRuntimes, type Runtime, sourcesOf } from './runtimes.ts';
import { measuredVariables } from './variables.ts';

/** A program in another runtime that can do some of the same work. It is plain data, so any process can start it. */
export interface Peer extends PeerAbilities {
  /** As in `aiohttp`. */
  readonly id: string;
  /** The name of its runtime, as in `python`. */
  readonly runtime: string;
  /** The command that starts it. */
  readonly command: PeerCommand;
}

/** A peer that cannot run here, with one sentence about the reason and the remedy. */
export interface SkippedPeer {
  readonly id: string;
  readonly reason: string;
}

/** The peers that can run here and the peers that cannot. */
export interface Peers {
  readonly found: readonly Peer[];
  readonly skipped: readonly SkippedPeer[];
}

/** The folders to search for peers, and what the search needs. */
export interface PeerSearch {
  /** One folder per runtime; its name is that of the runtime. */
  readonly folders: readonly string[];
  /** Programs that run or build the peers of a runtime instead of the one in its manifest, by the runtime's name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** The folder of the built peers. */
  readonly cache: string;
  /** The names of the only runtimes, or ids of the only peers, to look for; all of them if left out. */
  readonly only?: readonly string[] | undefined;
}

/**
 * Starts each peer to find out which can run here; compiled peers are built first.
 *
 * @returns the peers in the order of the folders and files
 * @throws one sentence if a runtime or peer is unknown, a manifest is wrong, or two peers share an id
 */
export async function findPeers({ folders, programs, cache, only }: PeerSearch): Promise<Peers> {
  const runtimes = await loadRuntimes(folders, programs);
  const sources = runtimes.flatMap((runtime) => sourcesOf(runtime).map((source) => ({ runtime, source })));
  refuseClash(sources.map(({ runtime, source: { id } }) => ({ id, runtime })));
  refuseUnknown(only ?? [], sources);
  const wanted = sources.filter(
    ({ runtime: { name }, source: { id } }) => only === undefined || only.includes(name) || only.includes(id),
  );
  const all = await Promise.all(wanted.map(({ runtime, source }) => lookAt(runtime, source, cache)));
  return {
    found: all.filter((one) => 'command' in one),
    skipped: all.filter((one) => 'reason' in one),
  };
}

/** A peer's id names its rows, so two peers with the same id would share a row. */
function refuseClash(peers: readonly { readonly id: string; readonly runtime: Runtime }[]): void {
  for (const [id, those] of Map.groupBy(peers, (peer) => peer.id))
    if (those.length > 1)
      throw new Error(
        `Two peers are called ${id}: one of ${those[0]!.runtime.name} and one of ${those[1]!.runtime.name}; rename one of them.`,
      );
}

function refuseUnknown(
  names: readonly string[],
  sources: readonly { readonly runtime: Runtime; readonly source: PeerSource }[],
): void {
  const known = [
    ...new Set(sources.map(({ runtime }) => runtime.name)),
    ...sources.map(({ source }) => source.id),
  ];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(
      `There is no peer or runtime "${unknown}"; ${known.length === 0 ? 'the project has no peers' : `there are ${[...new Set(known)].join(', ')}`}.`,
    );
}

async function lookAt(runtime: Runtime, source: PeerSource, cache: string): Promise<Peer | SkippedPeer> {
  const { id } = source;
  const program = source.program ?? runtime.program;
  const skipped = (reason: string): SkippedPeer => ({ id, reason });
  const check = await checkProgram(runtime, program);
  if ('unfit' in check) return skipped(check.unfit);
  const { version } = check;
  try {
    const place = await preparePeer({ ...runtime, program }, source, version, cache);
    const command = guarded(runtime, 'start', () => commandOf(runtime, place));
    const { abilities, process } = await startPeer(id, command, measuredVariables());
    process.kill();
    const versions = { ...(version === null ? {} : { [runtime.name]: version }), ...abilities.versions };
    return { ...abilities, id, runtime: runtime.name, command, versions };
  } catch (error) {
    if (error instanceof LibraryMissing) return skipped(whatToDo(runtime, program, error));
    if (error instanceof PeerFailed || error instanceof BuildFailed) return skipped(error.message);
    throw error;
  }
}

/** @throws if the manifest returns no valid command */
function commandOf({ manifest }: Runtime, place: PeerPlace): PeerCommand {
  const command: Partial<PeerCommand> | undefined = manifest.start(place);
  if (typeof command?.command !== 'string' || !Array.isArray(command.args))
    throw new Error(`it returned no command and args for ${place.id}`);
  return command as PeerCommand;
}

function whatToDo(runtime: Runtime, program: string, { library, message }: LibraryMissing): string {
  const { missing } = runtime.manifest;
  return missing === undefined ? message : guarded(runtime, 'missing', () => missing(library, program));
}
