import type { ProfileName } from '../../model/experiment.ts';
import { environmentDifferences } from '../../record/one-run.ts';
import type { Environment, RunRecord } from '../../record/schema.ts';
import type { Peers } from '../process/peers.ts';
import type { RemoteTarget } from '../process/remote.ts';
import type { TargetKinds } from '../process/target-kinds.ts';
import { type CatalogEntry, choose } from './catalog.ts';
import { createRecord, type PlannedExperiment } from './plan.ts';
import { planTargets, reasonToSkip } from './planned-targets.ts';
import { remotePart } from './remote-part.ts';

/** Which peers run: those that work here, none, all, or only those with these names, or of these runtimes. */
export type PeerChoice = 'auto' | 'off' | 'require' | readonly string[];

/** The command line options of a resumed run; undefined if left out. */
export interface Given {
  /** Names of experiments; all of the run where empty. */
  readonly names: readonly string[];
  readonly profile?: ProfileName | undefined;
  readonly rounds?: number | undefined;
  readonly seed?: number | undefined;
  /** As a share. */
  readonly until?: number | undefined;
  /** A URL. */
  readonly target?: string | undefined;
  readonly keepProxy?: boolean | undefined;
  readonly peers?: PeerChoice | undefined;
  /** A part of the named experiments, as in 1/4, and the ids of these experiments. */
  readonly shard?: { readonly text: string; readonly ids: readonly string[] } | undefined;
}

/**
 * Chooses the records of an earlier run to resume; the records store that run's options.
 *
 * @param records those of that run, at least one
 * @throws Error, one sentence, if a given option contradicts the records
 */
export function chooseRecords(records: readonly RunRecord[], given: Given): RunRecord[] {
  const ids = records.map(({ experiment }) => experiment.id);
  const { shard, names } = given;
  if (shard !== undefined && shard.ids.toSorted().join() !== ids.toSorted().join())
    refuse(`--shard ${shard.text}`, ids.join(', '));
  const stranger = names.find((name) => !ids.includes(name));
  if (stranger !== undefined && shard === undefined) refuse(stranger, ids.join(', '));
  const chosen = records.filter(
    ({ experiment }) => names.length === 0 || shard !== undefined || names.includes(experiment.id),
  );
  for (const record of chosen) refuseContradiction(record, given);
  refusePeers(chosen, given.peers);
  return chosen;
}

function refuse(given: string, has: string): never {
  throw new Error(
    `${given} contradicts the run to resume, which has ${has}; leave it out, or start again without --resume.`,
  );
}

function refuseContradiction(record: RunRecord, given: Given): void {
  const { profile, rounds, seed, until, target, keepProxy } = given;
  if (profile !== undefined && profile !== record.profile)
    refuse(`--profile ${profile}`, `profile ${record.profile}`);
  // When a run with --until has finished, its record holds the number of rounds that it took.
  const ended = record.until !== undefined && record.status === 'ok';
  if (rounds !== undefined && (ended ? rounds < record.rounds : rounds !== record.rounds))
    refuse(`--rounds ${rounds}`, `${record.rounds} rounds`);
  if (seed !== undefined && seed !== record.seed) refuse(`--seed ${seed}`, `seed ${record.seed}`);
  if (until !== undefined && until !== record.until?.share) {
    const was =
      record.until === undefined ? 'a fixed number of rounds' : `--until ${percent(record.until.share)}`;
    refuse(`--until ${percent(until)}`, was);
  }
  if (
    target !== undefined &&
    (record.remote === undefined || URL.parse(target)?.origin !== record.remote.origin)
  )
    refuse(`--target ${target}`, record.remote?.origin ?? 'a target of its own');
  if (keepProxy && record.remote?.keepProxy !== true) refuse('--keep-proxy', 'no proxy');
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}

/** The record of an experiment without peer rows does not show whether --peers was given. */
function refusePeers(records: readonly RunRecord[], peers: Given['peers']): void {
  const asked = records.filter((record) => record.peers !== undefined);
  if (peers === undefined || asked.length === 0) return;
  const [found, skipped] = [peersOf(asked), asked.flatMap(({ skippedPeers = [] }) => skippedPeers)];
  const all = found.length > 0 && skipped.length === 0;
  const fits = {
    off: found.length === 0,
    auto: found.length > 0 || skipped.length > 0,
    require: all,
    named: all && areThose(found, peers),
  };
  if (fits[typeof peers === 'string' ? peers : 'named']) return;
  refuse(
    `--peers ${typeof peers === 'string' ? peers : peers.join(',')}`,
    found.length === 0 ? 'no peers' : `these: ${found.map(({ id }) => id).join(', ')}`,
  );
}

/** Whether each name is that of a peer or of its runtime, and each peer is named. */
function areThose(found: ReturnType<typeof peersOf>, names: readonly string[] | string): boolean {
  const namesOf = found.map(({ id, runtime = id }) => [id, runtime]);
  return (
    namesOf.every((own) => own.some((name) => names.includes(name))) &&
    [...names].every((name) => namesOf.some((own) => own.includes(name)))
  );
}

/** The peers that have rows in any of the records, each once, with their versions. */
export function peersOf(records: readonly RunRecord[]): NonNullable<RunRecord['peers']> {
  const all = records.flatMap(({ peers = [] }) => peers);
  return all.filter(({ id }, index) => all.findIndex((other) => other.id === id) === index);
}

/** The current environment, targets and peers of a resumed run. */
export interface Present {
  /** The kinds of targets that experiments can use. */
  readonly kinds: TargetKinds;
  readonly environment: Environment;
  readonly peers: Peers;
  /** The remote server, if the run waited on one. */
  readonly remote?: RemoteTarget | undefined;
}

/**
 * Plans how to resume records.
 *
 * @returns the experiments in the order of the catalog
 * @throws Error, one sentence, if an experiment is unknown now, one of its checks failed, or its workload or environment
 *   has changed: rounds of two workloads or machines do not belong in one record
 */
export async function planResumed(
  catalog: readonly CatalogEntry[],
  records: readonly RunRecord[],
  { environment, kinds, peers, remote }: Present,
): Promise<PlannedExperiment[]> {
  const ids = records.map(({ experiment }) => experiment.id);
  const planned: PlannedExperiment[] = [];
  for (const whole of choose(catalog, ids)) {
    const record = records.find(({ experiment }) => experiment.id === whole.id)!;
    const entry = remote === undefined ? whole : remotePart(whole, record.profile);
    const own = peersFor(record, peers);
    const { profile, rounds, seed, until } = record;
    const targets = await planTargets(entry, profile, kinds);
    const reason = reasonToSkip(targets, remote);
    const work = { profile, rounds, seed, until, remote, reason, peers: { found: own, skipped: [] } };
    refuseMismatch(record, createRecord(entry, work, environment));
    planned.push({ entry, record, peers: own, targets });
  }
  return planned;
}

/** The current peers for the rows in a record. @throws if a peer is missing or has other versions */
function peersFor(record: RunRecord, { found, skipped }: Peers): Peers['found'] {
  return (record.peers ?? []).map(({ id, versions }) => {
    const peer = found.find((other) => other.id === id);
    const reason = skipped.find((other) => other.id === id)?.reason ?? 'The project no longer has this peer.';
    if (peer === undefined)
      throw new Error(`${refusalOf(record)}${id} has rows there and cannot run now. ${reason}`);
    for (const [name, was] of Object.entries(versions))
      if (peer.versions[name] !== was)
        throw new Error(
          `${refusalOf(record)}${id} ran with ${name} ${was} and now has ${peer.versions[name] ?? 'none'}; ` +
            '--python names another interpreter.',
        );
    return peer;
  });
}

function refusalOf({ experiment }: RunRecord): string {
  return `${experiment.id} cannot be resumed, because `;
}

function refuseMismatch(begun: RunRecord, fresh: RunRecord): void {
  if (begun.samples.some((sample) => sample.failure !== null))
    throw new Error(`${refusalOf(begun)}a check failed: ${begun.reason}`);
  const differences = [
    ...differencesOfEnvironment(begun.environment, fresh.environment),
    ...differencesOfWork(begun, fresh),
  ];
  if (differences.length === 0) return;
  throw new Error(`${refusalOf(begun)}${differences.join(', and ')}; start again without --resume.`);
}

/** Words for the parts of the environment that must stay the same throughout a run. */
const TOLD: Readonly<Record<string, (environment: Environment) => string>> = {
  Node: ({ node }) => `on Node ${node}`,
  processor: ({ cpu }) => `on ${cpu.count} cores of ${cpu.model}`,
  system: ({ os }) => `on ${os.platform} ${os.release} for ${os.arch}`,
  commit: ({ git }) =>
    git === null ? 'from no commit' : `from ${git.dirty ? 'a changed ' : ''}${git.commit.slice(0, 9)}`,
};

function differencesOfEnvironment(before: Environment, now: Environment): string[] {
  return environmentDifferences(before, now).flatMap((word) => {
    const tell = TOLD[word];
    return tell === undefined
      ? differencesOfPackages(before, now)
      : [`it ran ${tell(before)} and now runs ${tell(now)}`];
  });
}

function differencesOfPackages({ packages: before }: Environment, { packages: now }: Environment): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...names]
    .filter((name) => before[name] !== now[name])
    .map((name) => `it ran with ${name} ${before[name] ?? 'none'} and now runs with ${now[name] ?? 'none'}`);
}

function differencesOfWork(begun: RunRecord, fresh: RunRecord): string[] {
  const parts = ['parameters', 'warmUpRounds', 'targets'] as const;
  // Failed rows stay failed, and the other rows continue.
  const variants = begun.variants.map(({ error, ...variant }) => variant);
  const changed = parts.some((part) => !same(begun[part], fresh[part])) || !same(variants, fresh.variants);
  return [
    ...(changed ? ['its experiment has changed'] : []),
    ...(same(begun.remote, fresh.remote) ? [] : ['its target has changed']),
  ];
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
