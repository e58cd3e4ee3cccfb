import { InvalidArgumentError } from '@commander-js/extra-typings';
import { Incomparable } from '../harness/report/comparison/comparability.ts';
import { watchOutput } from './output.ts';

/** The exit codes that every command shares. */
export const EXIT = { done: 0, error: 1, nothingToCompare: 2, regression: 3, interrupted: 130 } as const;

/** A change of a speedup below this share is none, unless somebody says otherwise. */
export const MARGIN = 0.05;

/** A signal asked us to stop. */
export class Interrupted extends Error {}

/**
 * Runs a command and ends the process with its exit code. An error becomes one sentence on standard error,
 * with its stack where DEBUG is set.
 *
 * @param main gets a signal that is aborted with {@link Interrupted} on Ctrl-C, SIGTERM and SIGHUP; a second
 *   one ends the process at once
 */
export async function runCommand(main: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      if (interruption.signal.aborted) process.exit(EXIT.interrupted);
      interruption.abort(new Interrupted('Interrupted.'));
    });
  watchOutput();
  try {
    process.exitCode = await main(interruption.signal);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    console.error(error instanceof Error ? error.message : String(error));
    if (process.env.DEBUG) console.error(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  return error instanceof Incomparable ? EXIT.nothingToCompare : EXIT.error;
}

/** Parses an option that takes a whole number within limits. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };
}
