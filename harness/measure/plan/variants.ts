/** The rows of an experiment in one profile, and what they wait on. */
import { basename, dirname } from 'node:path';
import type { ProfileName, Variant, VariantFields, Workload } from '../../model/experiment.ts';
import type { PeerVariant } from '../../model/peer.ts';
import type { TargetOptions } from '../../model/target.ts';
import type { Peer } from '../process/peers.ts';
import type { CatalogEntry } from './catalog.ts';
import { nameOf, type VariantName } from './round-entries.ts';

/** A file with its folder, as in `benchmarks/crawl.ts`. */
export function shortPath(file: string): string {
  return `${basename(dirname(file))}/${basename(file)}`;
}

/**
 * The workload of an experiment in one profile.
 *
 * @throws if it has no such profile
 */
export function workloadOf({ id, experiment }: CatalogEntry, profile: ProfileName): Workload {
  const workload = experiment.profiles[profile];
  if (workload !== undefined) return workload;
  throw new Error(
    `${id} has no profile "${profile}"; it has ${Object.keys(experiment.profiles).join(', ')}.`,
  );
}

type Defaults = Required<
  Pick<
    VariantFields,
    'group' | 'baseline' | 'control' | 'headline' | 'parameters' | 'target' | 'warmsUp' | 'rounds'
  >
> & {
  /** How often it runs within a measured round. */
  readonly repeats: number;
};

/** Our row, with its defaults filled in. */
export type OwnVariant = Variant & Defaults & { readonly peer: null; readonly nearest: null };
/** A peer's row, with its defaults filled in. */
export type PeerRow = PeerVariant & Defaults & { readonly peer: Peer };
export type CompleteVariant = OwnVariant | PeerRow;

/**
 * The variants of an experiment in one profile, with their defaults filled in: first ours, then those of the peers.
 *
 * @param peers the peers that can run
 * @throws if two variants share a name, or a group does not have exactly one baseline or has two controls
 */
export function variantsOf(
  entry: CatalogEntry,
  profile: ProfileName,
  peers: readonly Peer[] = [],
): CompleteVariant[] {
  const { experiment } = entry;
  const workload = workloadOf(entry, profile);
  const variants = experiment.variants(workload);
  const peerVariants = experiment.peers?.(workload) ?? [];
  checkVariants(`${entry.id}, profile ${profile}`, variants, peerVariants);
  const targets = Object.keys(targetsOf(entry, profile));
  const complete = <Given extends VariantFields>(variant: Given): Given & Defaults => {
    const group = variant.group ?? '';
    const named = variants.some((member) => (member.group ?? '') === group && member.control === true);
    const baseline = variant.baseline ?? false;
    // A control that runs in few rounds only would have no interval.
    const control = named ? (variant.control ?? false) : baseline && variant.rounds === undefined;
    const target = variant.target ?? targets[0]!;
    if (!targets.includes(target))
      throw new Error(`${entry.id}: ${variant.id} waits on ${target}, which is not one of its targets.`);
    const { parameters = {}, headline = false, rounds = Number.POSITIVE_INFINITY } = variant;
    const repeats = repeatsOf({ group, id: variant.id }, workload);
    const warmsUp = variant.warmsUp ?? !Number.isFinite(rounds);
    return { ...variant, group, baseline, control, headline, target, parameters, warmsUp, rounds, repeats };
  };
  const all = [
    ...variants.map((variant): OwnVariant => ({ ...complete(variant), peer: null, nearest: null })),
    ...peerVariants.flatMap((variant) => {
      const { workload: kind, strategy } = variant.order;
      const able = peers.filter(({ strategies }) => strategies[kind]?.includes(strategy));
      return able.map((peer): PeerRow => {
        // The target counts how many connections a client opens that does not keep its own.
        const connections = peer.reconnects === undefined ? variant.connections : { atMost: variant.jobs };
        return { ...complete(variant), connections, id: `${peer.id}${variant.id}`, peer };
      });
    }),
  ];
  checkNames(`${entry.id}, profile ${profile}`, all);
  checkRepeats(`${entry.id}, profile ${profile}`, variants, workload);
  return all;
}

/** A name with its group is more specific than one without. */
function repeatsOf(name: VariantName, { repeats = {} }: Workload): number {
  return repeats[nameOf(name)] ?? repeats[name.id] ?? 1;
}

/** @throws if repeats name no row, or are no whole number from 1 */
function checkRepeats(where: string, variants: readonly Variant[], { repeats = {} }: Workload): void {
  const names = new Set(variants.flatMap(({ group = '', id }) => [id, nameOf({ group, id })]));
  for (const [name, times] of Object.entries(repeats)) {
    if (!names.has(name)) throw new Error(`${where}: repeats names "${name}", which is not one of its rows.`);
    if (!Number.isInteger(times) || times < 1)
      throw new Error(`${where}: ${name} has ${times} repeats; a row runs once a round or more often.`);
  }
}

/** The parameters of a workload, without its rounds and repeats. */
export type WorkParameters = Record<string, number | string | number[] | string[]>;

/**
 * The parameters of an experiment's workload in one profile, without its rounds and repeats.
 *
 * @throws if a parameter is not a number, a text or a list of either, which a record cannot store
 */
export function parametersOf(entry: CatalogEntry, profile: ProfileName): WorkParameters {
  const { rounds, warmUpRounds, otherRounds, repeats, ...parameters } = workloadOf(entry, profile);
  const isPlain = (value: unknown) => typeof value === 'number' || typeof value === 'string';
  const isKept = (all: object): all is WorkParameters =>
    Object.values(all).every((value) => isPlain(value) || (Array.isArray(value) && value.every(isPlain)));
  if (isKept(parameters)) return structuredClone(parameters);
  throw new Error(
    `${entry.id}, profile ${profile}: a workload holds numbers, texts and lists of them, not ${JSON.stringify(parameters)}.`,
  );
}

function placeOf(where: string, group: string): string {
  return `${where}${group === '' ? '' : `, group ${group}`}`;
}

/** Processes refer to variants by name alone, so names must be unique. */
function checkNames(where: string, variants: readonly CompleteVariant[]): void {
  for (const [group, members] of Map.groupBy(variants, (variant) => variant.group))
    if (new Set(members.map((member) => member.id)).size < members.length)
      throw new Error(`${placeOf(where, group)}: two variants have the same id.`);
}

function checkVariants(
  where: string,
  variants: readonly Variant[],
  peerVariants: readonly PeerVariant[],
): void {
  for (const [group, members] of Map.groupBy(variants, (variant) => variant.group ?? '')) {
    const place = placeOf(where, group);
    if (members.filter((member) => member.baseline === true).length !== 1)
      throw new Error(`${place}: exactly one variant must be the baseline.`);
    if (members.filter((member) => member.control === true).length > 1)
      throw new Error(`${place}: at most one variant can be the control.`);
  }
  for (const { id, group, nearest } of peerVariants)
    if (!variants.some((own) => own.id === nearest && own.group === group))
      throw new Error(`${where}: the peers' row "${id}" is compared with ${nearest}, which is not a row.`);
}

/** The targets of an experiment in one profile, by name; by default one latency server with default options. */
export function targetsOf(
  entry: CatalogEntry,
  profile: ProfileName,
): Readonly<Record<string, TargetOptions>> {
  const { experiment } = entry;
  return experiment.targets?.(workloadOf(entry, profile)) ?? { server: {} };
}
