import module from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  OpenWitness,
  TargetAddress,
  TargetKind,
  TargetOptions,
  TargetReady,
  Witness,
} from '../../model/target.ts';
import { ChildDied, startChild } from './child.ts';

/** A running target, in a separate process. */
export interface Target {
  readonly address: TargetAddress;
  /** Its name and version, if it is not part of this project. */
  readonly version: string | undefined;
  /** Whether it already ran, and only its address was given. */
  readonly given: boolean;
  /** Resolves when its process has ended, with one sentence about how. */
  readonly ended: Promise<string>;
  /** Ends it; resolves when the process and its files are gone. */
  end(): Promise<void>;
}

/** Options with the run's seed, if the kind has a seed option and the experiment does not set it. */
export function withSeed(
  { options: schema }: TargetKind,
  options: TargetOptions,
  seed: number,
): TargetOptions {
  return 'seed' in schema.properties ? { seed, ...options } : options;
}

/**
 * Starts a target.
 *
 * @param options must fit the kind's schema
 * @throws ChildDied if it does not start; the abort reason of `signal`
 */
export async function startTarget(
  { program, detached, putAwayLimitMs }: Pick<TargetKind, 'program' | 'detached' | 'putAwayLimitMs'>,
  options: TargetOptions,
  signal?: AbortSignal,
): Promise<Target> {
  const { child, ready } = await startChild<never, Partial<TargetReady>>('The target', program, {
    args: [JSON.stringify(options)],
    variables: compileCache(),
    signal,
    detached,
  });
  const end = () => (putAwayLimitMs > 0 ? child.dismiss(putAwayLimitMs) : child.kill());
  const { origin, certificate = null, version, given = false } = ready;
  if (typeof origin !== 'string') {
    await end();
    throw new ChildDied('The target started without saying at which origin it listens.');
  }
  return { address: { origin, certificate }, version, given, ended: child.ended, end };
}

/** Shares what Node compiles of targets between runs, where this process has such a cache: they start last. */
function compileCache(): Readonly<Record<string, string>> {
  const directory = module.getCompileCacheDir();
  // The folder that was asked for: Node adds one for its release.
  return directory === undefined ? {} : { NODE_COMPILE_CACHE: dirname(directory) };
}

/** The address of a target, and its witness. */
export interface TargetPlace {
  readonly address: TargetAddress;
  /** The witness module of its kind. */
  readonly witness: string | null;
  /** How many requests it serves at once; undefined if nothing limits that. */
  readonly capacity?: number | undefined;
  /** Whether it may be on another machine, whose clock differs from ours. */
  readonly remote: boolean;
}

/** A target as the measured process uses it. */
export interface OpenTarget extends Omit<TargetPlace, 'witness'> {
  /** Null if the evidence is in the target's answers. */
  readonly witness: Witness | null;
}

/**
 * Connects to every target of an experiment.
 *
 * @param places by the targets' names
 * @throws Error, one sentence, if a witness module cannot be used
 */
export async function openTargets(
  places: Readonly<Record<string, TargetPlace>>,
): Promise<ReadonlyMap<string, OpenTarget>> {
  const opened = Object.entries(places).map(async ([name, { witness, ...place }]) => {
    const open = witness === null ? null : await importWitness(witness);
    return [name, { ...place, witness: open?.(place.address) ?? null }] as const;
  });
  return new Map(await Promise.all(opened));
}

async function importWitness(file: string): Promise<OpenWitness> {
  const { default: open }: { default?: OpenWitness } = await import(pathToFileURL(file).href);
  if (typeof open !== 'function')
    throw new Error(`${file} is not a witness: its default export must be a function that takes an address.`);
  return open;
}
