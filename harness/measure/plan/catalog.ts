import { basename } from 'node:path';
import { placeInOrder } from '../../experiment-order.ts';
import { metricNamed, unitOf } from '../../findings/metrics.ts';
import type { Experiment } from '../../model/experiment.ts';
import { pathForPeople } from '../../path.ts';
import type { Project } from '../../project.ts';
import { ExperimentFileError, importExperiment } from './load-experiment.ts';
import { parametersOf, variantsOf } from './variants.ts';

/** An experiment with the name that its file gives it. */
export interface CatalogEntry {
  /** The file's name without its ending. */
  readonly id: string;
  readonly file: string;
  readonly experiment: Experiment;
}

/** An experiment's id names its record and its pictures. */
const ID = /^[a-z0-9-]+$/;

/** Which experiments to load, and what to do if some cannot be used. */
export interface CatalogChoice {
  /** Names of experiments; all of them if empty or left out. */
  readonly names?: readonly string[];
  /** Receives the error of each file that cannot be used, so that the others can be; it is thrown if this is left out. */
  broken?(error: Error): void;
}

/**
 * Loads experiments of a project: first those that its order names, then the others by name.
 *
 * @throws if two files share a name, a chosen one or one of the order does not exist, or a file cannot be used
 */
export async function loadCatalog(
  { experiments, order }: Pick<Project, 'experiments' | 'order'>,
  { names = [], broken }: CatalogChoice = {},
): Promise<CatalogEntry[]> {
  const attempt = async <Result>(load: () => Result | Promise<Result>): Promise<Result[]> => {
    try {
      return [await load()];
    } catch (error) {
      if (broken === undefined) throw error;
      broken(error as Error);
      return [];
    }
  };
  const files: { readonly id: string; readonly file: string }[] = [];
  for (const file of experiments) files.push(...(await attempt(() => ({ id: idOf(file), file }))));
  for (const [id, [first, second]] of Map.groupBy(files, (file) => file.id))
    if (second !== undefined)
      throw new Error(
        `${pathForPeople(first!.file)} and ${pathForPeople(second.file)} are both called ${id}; rename one of them.`,
      );
  const stranger = order.find((id) => files.every((file) => file.id !== id));
  if (stranger !== undefined)
    throw new Error(`The project's order names ${stranger}, which is not one of its experiments.`);
  const entries: CatalogEntry[] = [];
  // In turn, since each is watched while it is loaded.
  for (const { file } of choose(files, names)) entries.push(...(await attempt(() => loadExperiment(file))));
  const placeOf = ({ id }: CatalogEntry) => placeInOrder(order, id);
  return entries.toSorted(
    (one, other) => placeOf(one) - placeOf(other) || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0),
  );
}

/**
 * Loads one experiment.
 *
 * @param file its absolute path
 * @throws ExperimentFileError if the file has no experiment, or one that contradicts itself
 */
export async function loadExperiment(file: string): Promise<CatalogEntry> {
  const experiment = await importExperiment(file);
  const entry = { id: idOf(file), file, experiment };
  try {
    for (const profile of Object.keys(experiment.profiles)) {
      parametersOf(entry, profile);
      variantsOf(entry, profile);
    }
    checkDeclarations(entry);
  } catch (error) {
    const { message } = error as Error;
    throw new ExperimentFileError(
      message.startsWith(entry.id) ? message : `${pathForPeople(file)}: ${message}`,
      { cause: error },
    );
  }
  return entry;
}

/** The id that a file gives its experiment. @throws if a record's file cannot have that name */
export function idOf(file: string): string {
  const id = basename(file).replace(/(\.overlap)?\.m?[jt]s$/, '');
  if (ID.test(id)) return id;
  throw new ExperimentFileError(
    `${pathForPeople(file)} gives its experiment the name ${id}; rename it to one of small letters, digits and hyphens.`,
  );
}

/**
 * The members with these names, in their order; all of them if no name is given.
 *
 * @throws Error, one sentence, if a name is unknown
 */
export function choose<Named extends { readonly id: string }>(
  members: readonly Named[],
  names: readonly string[],
): Named[] {
  const unknown = names.find((name) => !members.some(({ id }) => id === name));
  if (unknown !== undefined)
    throw new Error(
      `There is no experiment "${unknown}"; there are ${members.map(({ id }) => id).join(', ')}.`,
    );
  return names.length === 0 ? [...members] : members.filter(({ id }) => names.includes(id));
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

/** Lets a report find an experiment by its id; undefined if the project does not have it. */
export function experimentOf(catalog: readonly CatalogEntry[]): (id: string) => Experiment | undefined {
  return (id) => catalog.find((entry) => entry.id === id)?.experiment;
}
