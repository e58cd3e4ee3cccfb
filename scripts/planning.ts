import { join } from 'node:path';
import type { CatalogEntry } from '../harness/measure/plan/catalog.ts';
import { mostConnections } from '../harness/measure/plan/open-files.ts';
import { type PlannedExperiment, planRun, type Request } from '../harness/measure/plan/plan.ts';
import { chooseRecords, type Given, peersOf, planResumed } from '../harness/measure/plan/resume.ts';
import { type Shard, shardOf } from '../harness/measure/plan/shard.ts';
import { describeEnvironment } from '../harness/measure/process/environment.ts';
import { findPeers, type PeerSearch, type Peers } from '../harness/measure/process/peers.ts';
import { checkRemoteTarget } from '../harness/measure/process/remote.ts';
import { checkRuntimes } from '../harness/measure/process/runtimes.ts';
import { findTargetKinds } from '../harness/measure/process/target-kinds.ts';
import type { Project } from '../harness/project.ts';
import { readRecords } from '../harness/record/record-files.ts';
import { requireConnections } from '../server/latency/limits.ts';

/** What the command line says of a run. */
export interface Asked extends Omit<Given, 'peers' | 'shard'> {
  readonly peers: NonNullable<Given['peers']>;
  /** Whether `peers` is no default. */
  readonly peersGiven: boolean;
  /** What runs or builds the peers of a runtime, by its name, in place of what its manifest says. */
  readonly programs: Readonly<Record<string, string>>;
  /** With `until`, in minutes. */
  readonly within: number;
  readonly shard?: Shard | undefined;
}

/** @throws in one sentence where a project has no profile of this name */
export function checkProfile({ profiles }: Project, name: string | undefined): void {
  if (name !== undefined && !profiles.includes(name))
    throw new Error(`There is no profile "${name}"; there are ${profiles.join(', ')}.`);
}

const NO_PEERS: Peers = { found: [], skipped: [] };

/**
 * What to run, with whose rows.
 *
 * @throws Error, in one sentence, where something that is asked for is not there: an experiment, say, or a target
 */
export async function planNew(
  project: Project,
  catalog: readonly CatalogEntry[],
  asked: Asked,
): Promise<PlannedExperiment[]> {
  searchFor(project, asked.programs);
  const choice = { keepProxy: asked.keepProxy === true };
  if (choice.keepProxy && asked.target === undefined)
    throw new Error('--keep-proxy goes with --target: nothing on this machine is reached by a proxy.');
  const environment = await describeEnvironment(project, choice);
  const kinds = findTargetKinds(project.targets);
  const remote =
    asked.target === undefined ? undefined : await checkRemoteTarget(asked.target, kinds, choice);
  const request = { ...requestOf(asked), remote };
  // What is wrong with the request is said before any peer is started.
  const mine = partOf(await planRun({ catalog, kinds, request, environment }), asked);
  requireOpenFiles(mine);
  const peers = await peersFor(project, mine, asked);
  const all = await planRun({ catalog, kinds, request, environment, peers });
  return all.filter(({ entry }) => mine.some((other) => other.entry.id === entry.id));
}

/** @throws in one sentence where the open-file limit is too low for the experiment that needs most */
function requireOpenFiles(plans: readonly PlannedExperiment[]): void {
  const most = mostConnections(plans);
  if (most !== undefined) requireConnections(most.connections, most.id);
}

function requestOf({ names, profile, rounds, seed, until, within }: Asked): Request {
  const precision = until === undefined ? undefined : { share: until, withinMinutes: within };
  return { names, profile, rounds, seed, until: precision };
}

/** Peers are not on every machine, and shards must be the same on all: these plans are without. */
function partOf(plans: PlannedExperiment[], { shard }: Pick<Asked, 'shard'>): PlannedExperiment[] {
  return shard === undefined ? plans : shardOf(plans, shard);
}

/** @throws in one sentence where a program is given for a runtime that is unknown */
function searchFor({ peers: folders, cache }: Project, programs: Asked['programs']): PeerSearch {
  checkRuntimes(folders, programs);
  return { folders, programs, cache: join(cache, 'peers') };
}

/** Starts each peer once, to see whether it can run, where a planned experiment has rows for them. */
async function peersFor(
  project: Project,
  plans: readonly PlannedExperiment[],
  { peers, programs }: Asked,
): Promise<Peers> {
  if (peers === 'off' || plans.every(({ entry }) => entry.experiment.peers === undefined)) return NO_PEERS;
  const all = await findPeers(searchFor(project, programs));
  const [first] = all.skipped;
  if (peers === 'require' && first !== undefined)
    throw new Error(`--peers require: ${first.id} cannot run. ${first.reason}`);
  return all;
}

/**
 * How to go on with the run in a directory, which knows what it was asked for.
 *
 * @throws Error, in one sentence, where there is none, where something that is asked for contradicts it, or where it was
 *   measured with something else
 */
export async function planAgain(
  project: Project,
  catalog: readonly CatalogEntry[],
  directory: string,
  asked: Asked,
): Promise<PlannedExperiment[]> {
  const earlier = readRecords(directory);
  const [first] = earlier;
  if (first === undefined) throw new Error(`There is no run to resume in ${directory}.`);
  const choice = { keepProxy: earlier.some(({ remote }) => remote?.keepProxy === true) };
  const environment = await describeEnvironment(project, choice);
  const kinds = findTargetKinds(project.targets);
  const { shard, peers, peersGiven, programs, within, ...given } = asked;
  const mine = async () => {
    const request = { ...requestOf(asked), profile: first.profile };
    return partOf(await planRun({ catalog, kinds, request, environment }), { shard });
  };
  const records = chooseRecords(earlier, {
    ...given,
    shard: shard && { text: `${shard.number}/${shard.of}`, ids: (await mine()).map(({ entry }) => entry.id) },
    // What the environment says is for new runs.
    peers: peersGiven ? peers : undefined,
  });
  const remote = records.find((record) => record.remote !== undefined)?.remote;
  const plans = await planResumed(catalog, records, {
    environment,
    kinds,
    remote: remote === undefined ? undefined : await checkRemoteTarget(remote.origin, kinds, choice),
    peers: peersOf(records).length === 0 ? NO_PEERS : await findPeers(searchFor(project, programs)),
  });
  requireOpenFiles(plans);
  return plans;
}
