import { randomInt } from 'node:crypto';
import type { ProfileName, Workload } from '../../model/experiment.ts';
import { checkRecord } from '../../record/record-files.ts';
import { type Environment, type RunRecord, SCHEMA_VERSION } from '../../record/schema.ts';
import type { Peer, Peers } from '../process/peers.ts';
import type { RemoteTarget } from '../process/remote.ts';
import type { TargetKinds } from '../process/target-kinds.ts';
import { type CatalogEntry, choose } from './catalog.ts';
import { type ChosenRow, chooseVariants } from './chosen-rows.ts';
import { createEstimates } from './estimates.ts';
import { type PlannedTargets, planTargets, reasonToSkip } from './planned-targets.ts';
import { remotePart } from './remote-part.ts';
import { entriesLeft } from './round-entries.ts';
import { type CompleteVariant, parametersOf, targetsOf, variantsOf, workloadOf } from './variants.ts';

/** An experiment and the record that its run continues. */
export interface PlannedExperiment {
  readonly entry: CatalogEntry;
  /** New, or one that was interrupted. */
  readonly record: RunRecord;
  /** The peers that have rows. */
  readonly peers: readonly Peer[];
  /** Its targets, by the names in the experiment. */
  readonly targets: PlannedTargets;
}

/** The user's choices; undefined where the user made none. */
export interface Request {
  /** Names of experiments; all of them where empty. */
  readonly names: readonly string[];
  readonly profile: ProfileName | undefined;
  readonly rounds: number | undefined;
  /** When the run may end early; then far more rounds are planned than the profile has, unless `rounds` is given. */
  readonly until?: RunRecord['until'];
  readonly seed: number | undefined;
  /** The only rows to measure; all rows if null or left out. */
  readonly rows?: readonly ChosenRow[] | null;
  /** A remote server that replaces our own target. */
  readonly remote?: RemoteTarget | undefined;
  /** The written plan that the run follows. */
  readonly plan?: RunRecord['plan'];
}

/** With `until`: the most rounds, since more hardly narrow an interval. */
const MOST_ROUNDS = 1000;

/** The input of a plan. */
export interface PlanInput {
  readonly catalog: readonly CatalogEntry[];
  /** The kinds of targets that experiments can use. */
  readonly kinds: TargetKinds;
  readonly request: Request;
  readonly environment: Environment;
  /** Peers that can run, and peers that cannot; by default there are no peers. */
  readonly peers?: Peers;
}

/**
 * Plans a run.
 *
 * @returns the experiments in the order of the catalog
 * @throws Error, one sentence, if a name is unknown, or a target has an unknown kind or a wrong option
 */
export async function planRun({
  catalog,
  kinds,
  request,
  environment,
  peers = { found: [], skipped: [] },
}: PlanInput): Promise<PlannedExperiment[]> {
  const { profile = 'quick', seed = randomInt(2 ** 32), until, remote, rows = null, plan } = request;
  const rounds = request.rounds ?? (until === undefined ? undefined : MOST_ROUNDS);
  const planned: PlannedExperiment[] = [];
  for (const whole of choose(catalog, request.names)) {
    const entry = remote === undefined ? whole : remotePart(whole, profile);
    const targets = await planTargets(entry, profile, kinds);
    const reason = reasonToSkip(targets, remote);
    const work = { profile, rounds, seed, until, peers, remote, rows, plan, reason };
    planned.push({ entry, record: createRecord(entry, work, environment), peers: peers.found, targets });
  }
  return planned;
}

/** The variants that a planned experiment measures, in the order of its record, and as often as it says. */
export function plannedVariants({ entry, record, peers }: PlannedExperiment): CompleteVariant[] {
  return variantsOf(entry, record.profile, peers).flatMap((variant) => {
    const own = record.variants.find(({ id, group }) => id === variant.id && group === variant.group);
    return own === undefined ? [] : [{ ...variant, repeats: own.repeats ?? 1 }];
  });
}

/**
 * The estimated duration of a planned experiment, in ms.
 *
 * @param earlier a record of the same experiment, whose samples estimate better than what the rows declare
 */
export function estimateMs(plan: PlannedExperiment, earlier?: RunRecord): number {
  const { entry, record } = plan;
  const variants = plannedVariants(plan);
  const estimates = createEstimates(entry.id, variants);
  if (earlier?.profile === record.profile)
    for (const { variant, wallMs } of earlier.samples) {
      const { group, id } = earlier.variants[variant]!;
      const own = variants.findIndex((other) => other.group === group && other.id === id);
      if (own !== -1) estimates.learn({ variant: own, wallMs });
    }
  const roundMs = (warmUp: boolean, round: number) =>
    estimates.sumMs(entriesLeft(variants, record, { warmUp, round }));
  let sumMs = record.warmUpRounds * roundMs(true, 1);
  for (let round = 1; round <= record.rounds; round++) sumMs += roundMs(false, round);
  return sumMs;
}

/** The choices of a run that its experiment does not fix. */
export interface Work extends Pick<Request, 'until' | 'remote' | 'rows' | 'plan'> {
  readonly profile: ProfileName;
  /** Those of the profile if undefined. */
  readonly rounds: number | undefined;
  readonly seed: number;
  readonly peers: Peers;
  /** Why the experiment cannot run, or null. */
  readonly reason: string | null;
}

/** A record of an experiment's run before it begins. @throws RecordError if it does not fit the schema */
export function createRecord(entry: CatalogEntry, work: Work, environment: Environment): RunRecord {
  const record = recordOf(entry, work, environment);
  checkRecord(`The record of ${entry.id}`, record);
  return record;
}

function recordOf(
  entry: CatalogEntry,
  { profile, rounds, seed, until, peers, remote, rows = null, plan, reason }: Work,
  environment: Environment,
): RunRecord {
  const { title, question, brief, charts, metrics = [], unequalWork } = entry.experiment;
  const workload = workloadOf(entry, profile);
  const allRounds = rounds ?? workload.rounds;
  const all = withRounds(variantsOf(entry, profile, peers.found), workload, allRounds);
  return {
    schemaVersion: SCHEMA_VERSION,
    experiment: { id: entry.id, title, question, ...(brief === undefined ? {} : { brief }) },
    charts: structuredClone(charts.map(({ says, ...chart }) => chart)),
    metrics: structuredClone([...metrics]),
    words: null,
    ...(unequalWork === undefined ? {} : { unequalWork }),
    profile,
    parameters: parametersOf(entry, profile),
    rounds: allRounds,
    ...(until === undefined ? {} : { until: { ...until } }),
    warmUpRounds: workload.warmUpRounds,
    seed,
    status: reason === null ? 'running' : 'skipped',
    reason,
    environment,
    ...(plan === undefined ? {} : { plan }),
    ...(remote === undefined ? {} : recordRemote(remote)),
    targets: recordTargets(entry, profile),
    ...(entry.experiment.peers === undefined ? {} : recordPeers(peers)),
    variants: chooseVariants(rows, entry.id, all).map((variant) => ({
      id: variant.id,
      group: variant.group,
      baseline: variant.baseline,
      control: variant.control,
      headline: variant.headline,
      ...(variant.floor === true ? { floor: true as const } : {}),
      peer: variant.peer?.id ?? null,
      ...(variant.nearest === null ? {} : { nearest: variant.nearest }),
      jobs: variant.jobs,
      limit: variant.limit,
      target: variant.target,
      rounds: variant.rounds,
      ...(variant.repeats > 1 ? { repeats: variant.repeats } : {}),
      parameters: { ...variant.parameters },
    })),
    samples: [],
    traces: [],
  };
}

/** Rows that are neither a headline nor compared with one can end earlier, unless the user chose the rounds. */
function withRounds(
  variants: readonly CompleteVariant[],
  workload: Workload,
  allRounds: number,
): CompleteVariant[] {
  const chosen = allRounds !== workload.rounds;
  const groups = new Set(variants.flatMap(({ headline, group }) => (headline ? [group] : [])));
  return variants.map((variant) => {
    const { headline, baseline, control, nearest, group } = variant;
    const compared = groups.has(group) && (headline || baseline || control || nearest !== null);
    const most = compared || chosen ? allRounds : (workload.otherRounds ?? allRounds);
    return { ...variant, rounds: Math.min(variant.rounds, most, allRounds) };
  });
}

/** Names each kind explicitly, so that readers of a record need not know the default. */
function recordTargets(entry: CatalogEntry, profile: ProfileName): RunRecord['targets'] {
  const targets = Object.entries(targetsOf(entry, profile));
  return Object.fromEntries(targets.map(([name, options]) => [name, { kind: 'latency', ...options }]));
}

/** Without the kind, which the record has in its targets. */
function recordRemote({ kind, ...remote }: RemoteTarget): Pick<RunRecord, 'remote'> {
  return { remote };
}

function recordPeers({ found, skipped }: Peers): Pick<RunRecord, 'peers' | 'skippedPeers'> {
  return {
    peers: found.map(({ command, strategies, ...peer }) => structuredClone(peer)) as NonNullable<
      RunRecord['peers']
    >,
    skippedPeers: skipped.map((peer) => ({ ...peer })),
  };
}
