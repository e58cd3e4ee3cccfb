import { basename } from 'node:path';
import { placeInOrder } from '../../experiment-order.ts';
import { metricNamed, unitOf } from '../../findings/metrics.ts';
import { installText, missingPackage } from '../../installation.ts';
import type { Experiment, ProfileName, Variant, VariantFields, Workload } from '../../model/experiment.ts';
import type { PeerVariant } from '../../model/peer.ts';
import type { TargetOptions } from '../../model/target.ts';
import type { Project } from '../../project.ts';
import { importProjectModule } from '../../project-module.ts';
import type { Peer } from '../process/peers.ts';
import { nameOf, type VariantName } from './round-entries.ts';

/** An experiment with the name that its file gives it. */
export interface CatalogEntry {
  /** The file's name without its ending. */
  readonly id: string;
  readonly file: string;
  readonly experiment: Experiment;
}

/** An experiment's id names its record and its pictures. */
const ID = /^[a-z0-9-]+$/;

/**
 * Loads experiments of a project: first those that its order names, then the others by name.
 *
 * @param names of the experiments to load, so that the others need not be whole; all of them where empty
 * @throws if a name is unknown, a file has no experiment as its default export, an experiment contradicts itself, or two
 *   share a name
 */
export async function loadCatalog(
  { experiments, order }: Pick<Project, 'experiments' | 'order'>,
  names: readonly string[] = [],
): Promise<CatalogEntry[]> {
  const files = experiments.map((file) => ({ id: idOf(file), file }));
  for (const [id, [first, second]] of Map.groupBy(files, (one) => one.id))
    if (second !== undefined)
      throw new Error(`${first!.file} and ${second.file} are both called ${id}; rename one of them.`);
  const stranger = order.find((id) => files.every((one) => one.id !== id));
  if (stranger !== undefined)
    throw new Error(`The project's order names ${stranger}, which is not one of its experiments.`);
  refuseUnknown(names, files);
  const wanted = files.filter(({ id }) => names.length === 0 || names.includes(id));
  const entries = await Promise.all(wanted.map(({ file }) => loadExperiment(file)));
  const placeOf = ({ id }: CatalogEntry) => placeInOrder(order, id);
  return entries.toSorted(
    (one, other) => placeOf(one) - placeOf(other) || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0),
  );
}

/** @throws one sentence if a name is not that of an experiment */
export function refuseUnknown(
  names: readonly string[],
  experiments: readonly { readonly id: string }[],
): void {
  const ids = experiments.map(({ id }) => id);
  const unknown = names.find((name) => !ids.includes(name));
  if (unknown !== undefined)
    throw new Error(`There is no experiment "${unknown}"; there are ${ids.join(', ')}.`);
}

/**
 * Loads one experiment.
 *
 * @param file its absolute path
 * @throws as {@link loadCatalog}
 */
export async function loadExperiment(file: string): Promise<CatalogEntry> {
  const module = await importExperiment(file);
  const experiment = module.default;
  if (experiment?.profiles === undefined)
    throw new Error(
      `${file} has no experiment as its default export; it should end in defineExperiment({ … }).`,
    );
  const entry = { id: idOf(file), file, experiment };
  for (const profile of Object.keys(experiment.profiles)) {
    parametersOf(entry, profile);
    variantsOf(entry, profile);
  }
  checkDeclarations(entry);
  return entry;
}

/** The id that a file gives its experiment. @throws if a record's file cannot have that name */
export function idOf(file: string): string {
  const id = basename(file).replace(/(\.overlap)?\.m?[jt]s$/, '');
  if (ID.test(id)) return id;
  throw new Error(
    `${file} gives its experiment the name ${id}; rename it to one of small letters, digits and hyphens.`,
  );
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

/** @throws if the declarations for tables and charts contradict each other, or a record cannot store them */
export function checkDeclarations(entry: CatalogEntry): void {
  const { experiment, id } = entry;
  const { metrics = [], charts } = experiment;
  for (const [kind, names] of [
    ['metrics', metrics.map(({ name }) => name)],
    ['charts', charts.map(({ view }) => view)],
  ] as const)
    for (const [index, name] of names.entries())
      if (names.indexOf(name) !== index) throw new Error(`${id}: two of its ${kind} are called ${name}.`);
  for (const { name, percentile } of metrics)
    if (percentile !== undefined && percentile.countedBy !== 'requests')
      metricNamed(percentile.countedBy, metrics, `${id}, the percentile ${name}`);
  for (const { view, ...chart } of charts)
    for (const figure of figuresOf(chart)) unitOf(figure, metrics, `${id}, chart ${view}`);
  checkUnequalWork(entry);
}

/** The figures that a chart shows. */
function figuresOf(chart: object): string[] {
  const { x, series } = chart as { x?: { figure?: string }; series?: readonly { figure: string }[] };
  return [x?.figure ?? [], (series ?? []).map(({ figure }) => figure)].flat();
}

/** @throws if `unequalWork` names a group that the experiment has in no profile, or a metric without a heading */
function checkUnequalWork(entry: CatalogEntry): void {
  const { metrics = [], unequalWork, profiles } = entry.experiment;
  if (unequalWork === undefined) return;
  const variants = Object.keys(profiles).flatMap((profile) => variantsOf(entry, profile));
  for (const [group, own] of Object.entries(unequalWork)) {
    if (!variants.some((variant) => variant.group === group))
      throw new Error(`${entry.id}: unequalWork names "${group}", which is not one of its groups.`);
    if (!metrics.some(({ name, heading }) => name === own && heading !== undefined))
      throw new Error(`${entry.id}: unequalWork names ${own}, which is not a metric with a heading.`);
  }
}

/** Libraries that an experiment compares are missing if npm left out devDependencies. */
async function importExperiment(file: string): Promise<{ default?: Experiment }> {
  try {
    return (await importProjectModule(file)) as { default?: Experiment };
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === undefined) throw error;
    throw new Error(
      `${basename(file)} needs ${missing}, which is not installed: run ${installText(missing)}.`,
    );
  }
}

/** Lets a report find an experiment by its id; undefined if the project does not have it. */
export function experimentOf(catalog: readonly CatalogEntry[]): (id: string) => Experiment | undefined {
  return (id) => catalog.find((entry) => entry.id === id)?.experiment;
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
        return { ...complete(variant), id: `${peer.id}${variant.id}`, peer };
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
