/** Which experiments another checkout can load: those that are here now may need code that it lacks. */
import { join, relative, resolve } from 'node:path';
import { lastWordsOf, runProgram } from '../process/program.ts';
import { measuredVariables } from '../process/variables.ts';
import type { Checkout } from './checkout.ts';
import { isWithin } from './folders.ts';

/** Another checkout with the experiments that are here now. */
export type Loading = Pick<Checkout, 'directory' | 'node' | 'bench'> & {
  /** The top of its files. */
  readonly top: string;
  /** In sentences: its commit. */
  readonly name: string;
};

/** An experiment that cannot be loaded, and why: in one sentence that begins with a small letter. */
export interface Unloadable {
  readonly id: string;
  readonly reason: string;
}

/**
 * Loads experiments in a process of its own, and tells those that cannot be loaded.
 *
 * @param names of the experiments
 * @throws the abort reason of `signal`
 */
export async function findUnloadable(
  loading: Loading,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Unloadable[]> {
  if ((await whyNotLoaded(loading, names, signal)) === null) return [];
  const unloadable: Unloadable[] = [];
  for (const id of names) {
    const reason = await whyNotLoaded(loading, [id], signal);
    if (reason !== null) unloadable.push({ id, reason });
  }
  return unloadable;
}

async function whyNotLoaded(
  { directory, node, bench, top, name }: Loading,
  names: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  const options = { cwd: directory, env: measuredVariables(), signal, attended: true };
  const end = await runProgram(node, [...bench, ...names, '--list'], options);
  if (end.exitCode === 0) return null;
  const said = lastWordsOf(end);
  const [, missing] = / cannot be loaded: (.+), which .+ imports, does not exist\.$/.exec(said) ?? [];
  if (missing !== undefined && isWithin(top, resolve(directory, missing))) {
    const file = relative(top, resolve(directory, missing));
    return `${name} lacks ${file}, which it imports; if that belongs to experiments, name it in the config's shared.`;
  }
  return `it cannot be loaded with the code of ${name}: ${said.replace(/^Error: /, '').replaceAll(join(top, '/'), '')}`;
}
