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

/** A target that runs, in a process of its own. */
export interface Target {
  readonly address: TargetAddress;
  /** What it is, where that is not part of this project. */
  readonly version: string | undefined;
  /** Somebody else had started it, and only its address was given. */
  readonly given: boolean;
  /** Resolves when its process has ended, to one sentence about how. */
  readonly ended: Promise<string>;
  /** Ends it; resolves when it and what it made are gone. */
  end(): Promise<void>;
}

/** Options with the run's seed, where the kind draws something from one and the experiment sets none. */
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
 * @param options that fit the kind's schema
 * @throws ChildDied where it does not start; whatever `signal` was aborted with
 */
export async function startTarget(
  { program, detached, putAwayLimitMs }: Pick<TargetKind, 'program' | 'detached' | 'putAwayLimitMs'>,
  options: TargetOptions,
  signal?: AbortSignal,
): Promise<Target> {
  const { child, ready } = await startChild<never, Partial<TargetReady>>('The target', program, {
    args: [JSON.stringify(options)],
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

/** Where a target is, and what tells of it. */
export interface TargetPlace {
  readonly address: TargetAddress;
  /** The witness module of its kind. */
  readonly witness: string | null;
  /** Whether it may be on another machine, whose clock has nothing to do with ours. */
  readonly remote: boolean;
}

/** A target as the measured process knows it. */
export interface OpenTarget extends Omit<TargetPlace, 'witness'> {
  /** Null where the target's answers tell what it saw. */
  readonly witness: Witness | null;
}

/**
 * Connects to every target of an experiment.
 *
 * @param places by the targets' names
 * @throws Error, in one sentence, where a witness module cannot be used
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
    throw new Error(`${file} is no witness: its default export must be a function that takes an address.`);
  return open;
}
