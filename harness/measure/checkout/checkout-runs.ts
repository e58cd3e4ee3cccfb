/** Runs of a checkout's own bench. */
import type { ProfileName } from '../../model/experiment.ts';
import { type ChosenRow, rowVariables } from '../plan/chosen-rows.ts';
import { lastWordsOf, type ProgramEnd, runProgram } from '../process/program.ts';
import { measuredVariables } from '../process/variables.ts';
import type { Checkout } from './checkout.ts';
import { openBench, type StandingBench } from './standing-bench.ts';

/** Peers are the same on both sides, and the report of a single round is unused. Older commits ignore these variables. */
const SINGLE_ROUNDS = { OVERLAP_PEERS: 'off', OVERLAP_REPORT: 'off' };

/** One run of a checkout. */
export interface CheckoutRun {
  /** Experiments; all of them where empty. */
  readonly names: readonly string[];
  /** The only rows to measure; all rows if null. An older commit measures all rows anyway. */
  readonly rows: readonly ChosenRow[] | null;
  readonly profile: ProfileName;
  readonly rounds: number;
  readonly seed: number;
  /** Where its results go. */
  readonly out: string;
  /** The address of a latency server that already runs; if left out, the run starts one. */
  readonly target?: string | undefined;
}

/**
 * Runs a checkout's own bench in separate processes.
 *
 * @throws with its last line of output if it fails; the abort reason of `signal`
 */
export async function runCheckout(
  { directory, node, bench }: Checkout,
  run: CheckoutRun,
  signal: AbortSignal,
): Promise<void> {
  const env = { ...measuredVariables(), ...SINGLE_ROUNDS, ...rowVariables(run.rows) };
  const end = await runProgram(node, [...bench, ...argumentsOf(run)], {
    cwd: directory,
    env,
    signal,
    attended: true,
  });
  refuseFailed(directory, end);
}

/** The arguments of bench for a run. */
function argumentsOf({ names, profile, rounds, seed, out, target }: CheckoutRun): string[] {
  const options = ['--profile', profile, '--rounds', `${rounds}`, '--seed', `${seed}`, '--out', out];
  return [...names, ...options, ...(target === undefined ? [] : ['--target', target])];
}

/** @throws with the last line of a run's output if it failed */
function refuseFailed(directory: string, end: Pick<ProgramEnd, 'exitCode' | 'stderr'>): void {
  if (end.exitCode === 0) return;
  const named = end.stderr.split('\n').findLast((line) => line.startsWith('Error: '));
  const reason = named ?? lastWordsOf(end);
  throw new Error(`A run of ${directory} failed: ${reason.trim()}`);
}

/** A checkout that runs rounds. */
export interface Side {
  /** @throws as {@link runCheckout} */
  run(run: CheckoutRun): Promise<void>;
  /** Resolves when its processes have ended. */
  end(): Promise<void>;
}

/**
 * Prepares two checkouts to run rounds. Each keeps one bench process; if one of them is too old for that, each starts a bench
 * for every round.
 *
 * @throws the abort reason of `signal`
 */
export async function openSides(
  { before, after }: { readonly before: Checkout; readonly after: Checkout },
  signal: AbortSignal,
): Promise<{ readonly before: Side; readonly after: Side }> {
  const env = { ...measuredVariables(), ...SINGLE_ROUNDS };
  const opened = await Promise.all([before, after].map((side) => openBench(side, env, signal)));
  const [benchBefore, benchAfter] = opened;
  if (benchBefore && benchAfter)
    return { before: standingSide(before, benchBefore), after: standingSide(after, benchAfter) };
  await Promise.all(opened.map((bench) => bench?.end()));
  const sideOf = (checkout: Checkout): Side => ({
    run: (run) => runCheckout(checkout, run, signal),
    end: async () => {},
  });
  return { before: sideOf(before), after: sideOf(after) };
}

function standingSide({ directory }: Checkout, bench: StandingBench): Side {
  return {
    async run(run) {
      refuseFailed(directory, await bench.run({ args: argumentsOf(run), variables: rowVariables(run.rows) }));
    },
    end: bench.end,
  };
}
