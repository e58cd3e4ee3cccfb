/**
 * The Project: the folders of experiments, peers, targets and results. A command creates it once and passes it on, so no
 * module hard-codes a folder.
 */
import { existsSync, globSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { importProjectModule } from './project-module.ts';
import { DEFAULT_MARGIN } from './statistics/comparison.ts';

/** The folder of Overlap itself. */
const OVERLAP = join(import.meta.dirname, '..');
/** The target kinds of Overlap itself, which every project can use. */
const OWN_TARGETS = ['server/*'];
/** The names that a config can have; a project has at most one. */
export const CONFIG_NAMES = ['overlap.config.ts', 'overlap.config.js', 'overlap.config.json'];
const PROFILES = ['smoke', 'quick', 'book'];
const EXPERIMENTS = ['**/*.overlap.{ts,mts,js,mjs}'];

const Globs = Type.Array(Type.String({ minLength: 1 }));

/** The settings of `overlap.config.{ts,js,json}`; paths and globs start from its folder. */
const ConfigSchema = Type.Object(
  {
    /** Files of experiments. Default: every `*.overlap.{ts,mts,js,mjs}` of the project. */
    experiments: Type.Optional(Globs),
    /** Folders of peer runtimes, each with a `runtime.ts` or `runtime.js`. Default: none. */
    peers: Type.Optional(Globs),
    /** Folders of target kinds, each with a `kind.ts` or `kind.js`, besides Overlap's own. */
    targets: Type.Optional(Globs),
    /** Files and folders of experiments that `compare --base` takes from this checkout on both sides. Default: none. */
    shared: Type.Optional(Globs),
    /** The folder of runs. Default: `results`. */
    results: Type.Optional(Type.String({ minLength: 1 })),
    /** The names of the profiles. Default: smoke, quick and book. */
    profiles: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9-]+$' }), { minItems: 1 })),
    /** Experiments in the order in which they run and are shown; others follow by name. */
    order: Type.Optional(Type.Array(Type.String())),
    /** A smaller change than this share counts as unchanged; above 0 and below 1. Default: 0.05. */
    margin: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })),
    /** Arguments that a command gets before those of the command line, by its name. */
    arguments: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
  },
  { additionalProperties: false },
);

/** What `overlap.config.{ts,js,json}` may say. */
export type ProjectConfig = Static<typeof ConfigSchema>;

/** The folders and settings of a command. All paths are absolute. */
export interface Project {
  readonly root: string;
  /** The folder of runs; it need not exist. */
  readonly results: string;
  /** Files of experiments. */
  readonly experiments: readonly string[];
  /** Folders of peer runtimes. */
  readonly peers: readonly string[];
  /** Folders of target kinds, including Overlap's own. */
  readonly targets: readonly string[];
  /** Files and folders besides experiments that belong to them, not to the measured code. */
  readonly shared: readonly string[];
  /** The file of the config, or null. */
  readonly config: string | null;
  readonly profiles: readonly string[];
  /** Ids of experiments that come first, in this order. */
  readonly order: readonly string[];
  /** A smaller change than this share counts as unchanged. */
  readonly margin: number;
  /** Arguments that a command gets before those of the command line, by its name. */
  readonly arguments: Readonly<Record<string, readonly string[]>>;
  /** The folder of files that can be recreated; it need not exist. */
  readonly cache: string;
}

/** A config is wrong; the message is one sentence that names the file. */
export class ConfigError extends Error {}

/**
 * Finds the project and reads its config.
 *
 * @param directory its root, which must exist; if left out, the nearest folder from `from` upward that has an
 *   `overlap.config.{ts,js,json}` or a `package.json`
 * @param from the folder where the search starts
 * @throws ConfigError, one sentence, if there is no project, or its config throws, has an unknown key or names a missing
 *   folder
 */
export async function openProject(directory: string | undefined, from = process.cwd()): Promise<Project> {
  const root = directory === undefined ? rootAbove(from) : givenRoot(resolve(from, directory));
  const file = configFile(root);
  const config = file === null ? {} : await readConfig(file);
  const found = (key: 'experiments' | 'peers' | 'targets' | 'shared') =>
    (config[key] ?? []).flatMap((pattern) => matches(root, pattern, { file, key }));
  return {
    root,
    results: resolve(root, config.results ?? 'results'),
    experiments:
      config.experiments === undefined ? EXPERIMENTS.flatMap((one) => glob(root, one)) : found('experiments'),
    peers: found('peers').filter(isFolder),
    targets: [...new Set([...OWN_TARGETS.flatMap((one) => glob(OVERLAP, one)), ...found('targets')])].filter(
      isFolder,
    ),
    shared: found('shared'),
    config: file,
    profiles: config.profiles ?? PROFILES,
    order: config.order ?? [],
    margin: config.margin ?? DEFAULT_MARGIN,
    arguments: config.arguments ?? {},
    cache: join(root, 'node_modules/.cache/overlap'),
  };
}

/** Whether a project is the repository of the running Overlap itself. */
export function isOverlapItself({ root }: Pick<Project, 'root'>): boolean {
  return realpathSync(root) === realpathSync(OVERLAP);
}

function givenRoot(root: string): string {
  if (!isFolder(root))
    throw new ConfigError(`--project ${root} is not a folder; name the folder of a project.`);
  return root;
}

/** The nearest folder that has a config or a package.json. */
function rootAbove(from: string): string {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if ([...CONFIG_NAMES, 'package.json'].some((name) => existsSync(join(folder, name)))) return folder;
    if (dirname(folder) === folder)
      throw new ConfigError(
        `No folder from ${from} upward has an overlap.config.ts or a package.json; name the folder of a project with --project.`,
      );
  }
}

function configFile(root: string): string | null {
  const files = CONFIG_NAMES.map((name) => join(root, name)).filter((file) => existsSync(file));
  if (files.length > 1)
    throw new ConfigError(
      `${root} has ${files.map((file) => relative(root, file)).join(' and ')}; keep one of them.`,
    );
  return files[0] ?? null;
}

async function readConfig(file: string): Promise<ProjectConfig> {
  const value = await importConfig(file);
  if (Value.Check(ConfigSchema, value)) return value;
  const [fault] = Value.Errors(ConfigSchema, value);
  const unknown = unknownKey(value);
  throw new ConfigError(
    unknown === undefined
      ? `${file}: ${fault?.instancePath.slice(1).replaceAll('/', '.') || 'its default export'} ${fault?.message ?? 'is wrong'}.`
      : `${file}: there is no setting "${unknown}"; there are ${Object.keys(ConfigSchema.properties).join(', ')}.`,
  );
}

function unknownKey(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.keys(value).find((key) => !(key in ConfigSchema.properties));
}

async function importConfig(file: string): Promise<unknown> {
  try {
    if (file.endsWith('.json')) return JSON.parse(readFileSync(file, 'utf8'));
    return (await importProjectModule(file)).default;
  } catch (error) {
    throw new ConfigError(`${file} cannot be read: ${firstLine(error)}.`);
  }
}

/** The paths of a setting; a plain path must exist, and a pattern may match nothing. */
function matches(
  root: string,
  pattern: string,
  { file, key }: { readonly file: string | null; readonly key: string },
): string[] {
  if (/[*?{[]/.test(pattern)) return glob(root, pattern);
  const path = resolve(root, pattern);
  if (!existsSync(path)) throw new ConfigError(`${file}: ${key} names ${pattern}, which does not exist.`);
  return [path];
}

function glob(root: string, pattern: string): string[] {
  const found = globSync(pattern, {
    cwd: root,
    exclude: (path) => /(^|[\\/])(node_modules|\.git)$/.test(path),
  });
  return found.map((path) => resolve(root, path)).sort();
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error)
    .split('\n')[0]!
    .replace(/\.$/, '');
}
