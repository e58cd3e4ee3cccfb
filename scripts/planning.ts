import { join } from 'node:path';
import type { CatalogEntry } from '../harness/measure/plan/catalog.ts';
import { chosenRows } from '../harness/measure/plan/chosen-rows.ts';
import { mostConnections } from '../harness/measure/plan/open-files.ts';
import { type PlannedExperiment, planRun, type Request } from '../harness/measure/plan/plan.ts';
import { refuseBeyondBudget } from '../harness/measure/plan/request-budget.ts';
import { chooseRecords, type Given, peersOf, planResumed } from '../harness/measure/plan/resume.ts';
import { type Shard, shardOf } from '../harness/measure/plan/shard.ts';
import { describeEnvironment } from '../harness/measure/process/environment.ts';
import { findPeers, type PeerSearch, type Peers } from '../harness/measure/process/peers.ts';
import { checkRemoteTarget } from '../harness/measure/process/remote.ts';
import { checkRuntimes } from '../harness/measure/process/runtimes.ts';
import { findTargetKinds } from '../harness/measure/process/target-kinds.ts';
import type { Project } from '../harness/project.ts';
import { readRecords } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { requireConnections } from '../server/latency/limits.ts';

/** The options of a run on the command line. */
export interface Asked extends Omit<Given, 'peers' | 'shard'> {
  readonly peers: NonNullable<Given['peers']>;
  /** Whether `peers` was given, not by default. */
  readonly peersGiven: boolean;
  /** Programs that run or build the peers of a runtime instead of the one in its manifest, by the runtime's name. */
  readonly programs: Readonly<Record<string, string>>;
  /** With `until`, in minutes. */
  readonly within: number;
  readonly shard?: Shard | undefined;
  /** The written plan that the run follows. */
  readonly plan?: RunRecord['plan'];
}

/** @throws one sentence if a project has no profile of this name */
export function checkProfile({ profiles }: Project, name: string | undefined): void {
  if (name !== undefined && !profiles.includes(name))
    throw new Error(`There is no profile "${name}"; there are ${profiles.join(', ')}.`);
}

const NO_PEERS: Peers = { found: [], skipped: [] };

/**
 * Plans a new run, with its peers.
 *
 * @throws Error, one sentence, if something that the options name does not exist, for example an experiment or a target
 */
export async function planNew(
  project: Project,
  catalog: readonly CatalogEntry[],
  asked: Asked,
): Promise<PlannedExperiment[]> {
  searchFor(project, asked.programs);
  const choice = { keepProxy: asked.keepProxy === true };
  if (choice.keepProxy && asked.target === undefined)
    throw new Error('--keep-proxy needs --target: servers on this machine are reached without a proxy.');
  const environment = await describeEnvironment(project, choice);
  const kinds = findTargetKinds(project.targets);
  const remote =
    asked.target === undefined ? undefined : await checkRemoteTarget(asked.target, kinds, choice);
  const request = { ...requestOf(asked), remote, rows: chosenRows() };
  // Planned once without peers, so that errors in the request come before any peer starts.
  const mine = partOf(await planRun({ catalog, kinds, request, environment }), asked);
  requireOpenFiles(mine);
  refuseBeyondBudget(mine);
  const peers = await peersFor(project, mine, asked);
  const all = await planRun({ catalog, kinds, request, environment, peers });
  const plans = all.filter(({ entry }) => mine.some((other) => other.entry.id === entry.id));
  refuseBeyondBudget(plans);
  return plans;
}

/** @throws one sentence if the open-file limit is too low for the experiment with the most connections */
function requireOpenFiles(plans: readonly PlannedExperiment[]): void {
  const most = mostConnections(plans);
  if (most !== undefined) requireConnections(most.connections, most.id);
}

/** What a run is planned from, of what the command line says. */
export function requestOf({ names, profile, rounds, seed, until, within, plan }: Asked): Request {
  const precision = until === undefined ? undefined : { share: until, withinMinutes: within };
  return { names, profile, rounds, seed, until: precision, plan };
}

/** The plans of a shard, chosen without peers: peers differ between machines, and shards must not. */
function partOf(plans: PlannedExperiment[], { shard }: Pick<Asked, 'shard'>): PlannedExperiment[] {
  return shard === undefined ? plans : shardOf(plans, shard);
}

/** @throws one sentence if a program is given for an unknown runtime */
function searchFor({ peers: folders, cache }: Project, programs: Asked['programs']): PeerSearch {
  checkRuntimes(folders, programs);
  return { folders, programs, cache: join(cache, 'peers') };
}

/** Starts each peer once to find out whether it can run, if a planned experiment has rows for peers. */
async function peersFor(
  project: Project,
  plans: readonly PlannedExperiment[],
  { peers, programs }: Asked,
): Promise<Peers> {
  if (peers === 'off' || plans.every(({ entry }) => entry.experiment.peers === undefined)) return NO_PEERS;
  const only = typeof peers === 'string' ? undefined : peers;
  const all = await findPeers({ ...searchFor(project, programs), only });
  const [first] = all.skipped;
  if (peers !== 'auto' && first !== undefined)
    throw new Error(`--peers ${only?.join(',') ?? peers}: ${first.id} cannot run. ${first.reason}`);
  return all;
}

/**
 * Plans to resume the run in a directory; its records contain its options.
 *
 * @throws Error, one sentence, if there is no run, an option contradicts it, or its environment differs from this one
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
  const { shard, peers, peersGiven, programs, within, plan, ...given } = asked;
  const mine = async () => {
    const request = { ...requestOf(asked), profile: first.profile };
    return partOf(await planRun({ catalog, kinds, request, environment }), { shard });
  };
  const records = chooseRecords(earlier, {
    ...given,
    shard: shard && { text: `${shard.number}/${shard.of}`, ids: (await mine()).map(({ entry }) => entry.id) },
    // A default or an environment variable applies to new runs only.
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
  refuseBeyondBudget(plans);
  return plans;
}
