import { randomInt } from 'node:crypto';
import type { ProfileName, TargetOptions } from '../model.ts';
import { type Environment, type RunRecord, SCHEMA_VERSION } from '../record.ts';
import { type CatalogEntry, entriesOf, targetsOf, variantsOf } from './catalog.ts';
import type { Peer, Peers } from './peers.ts';
import { type RemoteTarget, suitsRemote } from './remote.ts';
import { missingTarget } from './target.ts';

/** An experiment with the record that its run starts from. */
export interface PlannedExperiment {
  readonly entry: CatalogEntry;
  /** New, or one that was interrupted. */
  readonly record: RunRecord;
  /** Whose rows there are besides ours. */
  readonly peers: readonly Peer[];
}

/** What a person asked for; undefined where they left it open. */
export interface Request {
  /** Names of experiments; all of them, or all of the earlier run, where empty. */
  readonly names: readonly string[];
  readonly profile: ProfileName | undefined;
  readonly rounds: number | undefined;
  /** At most so many, of a run that may end before them; its profile's, where left out. */
  readonly mostRounds?: number | undefined;
  readonly seed: number | undefined;
  /** A latency server that runs elsewhere, in place of one of our own. */
  readonly remote?: RemoteTarget | undefined;
}

/**
 * Decides what to run.
 *
 * @param peers those that can run, and those that cannot
 * @param earlier the records of the run to go on with; empty for a new run
 * @returns the experiments in the order of the catalog
 * @throws Error, in one sentence, where a name is unknown or the earlier run does not fit the request
 */
export function planRun(
  catalog: readonly CatalogEntry[],
  request: Request,
  environment: Environment,
  earlier: readonly RunRecord[] = [],
  peers: Peers = { found: [], skipped: [] },
): PlannedExperiment[] {
  const names = request.names.length > 0 ? request.names : earlier.map((record) => record.experiment.id);
  const profile = request.profile ?? earlier[0]?.profile ?? 'quick';
  const seed = request.seed ?? earlier[0]?.seed ?? randomInt(2 ** 32);
  return choose(catalog, names).map((entry) => {
    const begun = earlier.find((record) => record.experiment.id === entry.id);
    const rounds = request.rounds ?? begun?.rounds ?? request.mostRounds;
    const fresh = createRecord(entry, { profile, rounds, seed, peers, remote: request.remote }, environment);
    if (begun !== undefined) refuseMismatch(begun, fresh);
    return { entry, record: begun ?? fresh, peers: peers.found };
  });
}

/** About how long a planned experiment takes from its start, in ms. */
export function estimateMs({ entry, record, peers }: PlannedExperiment): number {
  const variants = variantsOf(entry, record.profile, peers);
  const roundMs = (warmUp: boolean, round: number) =>
    entriesOf(variants, { warmUp, round }).reduce(
      (sum, { variant }) => sum + variants[variant]!.estimateMs,
      0,
    );
  let sumMs = record.warmUpRounds * roundMs(true, 1);
  for (let round = 1; round <= record.rounds; round++) sumMs += roundMs(false, round);
  return sumMs;
}

function choose(catalog: readonly CatalogEntry[], names: readonly string[]): CatalogEntry[] {
  const unknown = names.find((name) => !catalog.some((entry) => entry.id === name));
  if (unknown !== undefined)
    throw new Error(
      `There is no experiment "${unknown}"; there is ${catalog.map(({ id }) => id).join(', ')}.`,
    );
  return names.length === 0 ? [...catalog] : catalog.filter((entry) => names.includes(entry.id));
}

/** The record of a run that has not begun. */
function createRecord(
  entry: CatalogEntry,
  {
    profile,
    rounds,
    seed,
    peers,
    remote,
  }: {
    profile: ProfileName;
    rounds: number | undefined;
    seed: number;
    peers: Peers;
    remote: RemoteTarget | undefined;
  },
  environment: Environment,
): RunRecord {
  const { title, question, charts, columns = [], profiles } = entry.experiment;
  const { rounds: profileRounds, warmUpRounds, ...parameters } = profiles[profile];
  const allRounds = rounds ?? profileRounds;
  const targets = targetsOf(entry, profile);
  const reason = reasonToSkip(targets, remote);
  return {
    schemaVersion: SCHEMA_VERSION,
    experiment: { id: entry.id, title, question },
    charts: structuredClone(charts.map(({ says, ...chart }) => chart)) as RunRecord['charts'],
    columns: [...columns],
    profile,
    parameters: parameters as RunRecord['parameters'],
    rounds: allRounds,
    warmUpRounds,
    seed,
    status: reason === null ? 'running' : 'skipped',
    reason,
    environment,
    ...(remote === undefined ? {} : { remote }),
    targets: structuredClone(targets) as RunRecord['targets'],
    ...(entry.experiment.peers === undefined ? {} : recordPeers(peers)),
    variants: variantsOf(entry, profile, peers.found).map((variant) => ({
      id: variant.id,
      group: variant.group,
      baseline: variant.baseline,
      control: variant.control,
      headline: variant.headline,
      peer: variant.peer !== null,
      ...(variant.nearest === null ? {} : { nearest: variant.nearest }),
      jobs: variant.jobs,
      limit: variant.limit,
      target: variant.target,
      rounds: Math.min(variant.rounds, allRounds),
      parameters: { ...variant.parameters },
    })),
    samples: [],
    traces: [],
  };
}

/** Why an experiment cannot run with these targets, in one sentence, or null. */
function reasonToSkip(
  targets: Readonly<Record<string, TargetOptions>>,
  remote: RemoteTarget | undefined,
): string | null {
  if (remote !== undefined && !suitsRemote(targets))
    return 'It needs a server with settings of its own, which --target cannot give.';
  return (
    Object.values(targets)
      .map(missingTarget)
      .find((missing) => missing !== null) ?? null
  );
}

function recordPeers({ found, skipped }: Peers): Pick<RunRecord, 'peers' | 'skippedPeers'> {
  return {
    peers: found.map(({ id, versions }) => ({ id, versions: { ...versions } })),
    skippedPeers: skipped.map((peer) => ({ ...peer })),
  };
}

/** Rounds of two different workloads or machines do not belong in one record, nor any after one that was wrong. */
function refuseMismatch(begun: RunRecord, fresh: RunRecord): void {
  if (begun.samples.some((sample) => sample.failure !== null))
    throw new Error(`${begun.experiment.id} cannot be resumed, because a check failed: ${begun.reason}`);
  const lost = begun.variants.find((variant) => variant.error !== undefined);
  if (lost !== undefined)
    throw new Error(`${begun.experiment.id} cannot be resumed, because ${lost.id} went wrong: ${lost.error}`);
  const asked = [
    'profile',
    'parameters',
    'rounds',
    'warmUpRounds',
    'remote',
    'targets',
    'variants',
    'seed',
  ] as const;
  const given = ['node', 'packages', 'cpu', 'git'] as const;
  const differs = [
    ...asked.filter((field) => JSON.stringify(begun[field]) !== JSON.stringify(fresh[field])),
    ...given.filter(
      (field) => JSON.stringify(begun.environment[field]) !== JSON.stringify(fresh.environment[field]),
    ),
  ];
  if (differs.length === 0) return;
  throw new Error(
    `${begun.experiment.id} cannot be resumed, because the earlier run differs in its ${differs.join(', ')}; ` +
      'give the same options, or start again without --resume.',
  );
}
