/** One bench process of a checkout that runs one round after another, so that not each round loads it anew. */
import { spawn } from 'node:child_process';
import { superviseChild } from '../process/child.ts';
import { putAway, remember } from '../process/leftovers.ts';
import type { Checkout } from './checkout.ts';

/** A message to the process: to run bench, or to end. */
export type ToBench =
  | {
      readonly type: 'run';
      /** The arguments of bench after those that the process has itself. */
      readonly args: readonly string[];
      /** Environment variables for this run and later ones. */
      readonly variables: Readonly<Record<string, string>>;
    }
  | { readonly type: 'leave' };

/** A message of the process: that it can run, or how a run ended. */
export type FromBench =
  | { readonly type: 'ready' }
  | {
      readonly type: 'ended';
      readonly exitCode: number;
      /** What it would have written to standard error. */
      readonly stderr: string;
    };

/** How a run ended. */
export type BenchEnd = Pick<Extract<FromBench, { type: 'ended' }>, 'exitCode' | 'stderr'>;

/** A bench process that waits for runs. What is measured runs in processes of its own, new for each run. */
export interface StandingBench {
  /** @throws ChildDied if the process ends; the abort reason of the signal */
  run(request: Omit<Extract<ToBench, { type: 'run' }>, 'type'>): Promise<BenchEnd>;
  /** Resolves when the process has ended. */
  end(): Promise<void>;
}

/** The time that a run has to put its processes away. */
const END_LIMIT_MS = 10_000;

/**
 * Starts the bench of a checkout.
 *
 * @param env its environment variables
 * @returns null if this bench does not run on request, as that of an older commit
 * @throws the abort reason of `signal`
 */
export async function openBench(
  { directory, node, bench }: Pick<Checkout, 'directory' | 'node' | 'bench'>,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<StandingBench | null> {
  const started = spawn(node, [...bench, '--on-request'], {
    cwd: directory,
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const { pid } = started;
  if (pid !== undefined) remember({ process: pid });
  const child = superviseChild<ToBench, FromBench>(`The bench of ${directory}`, started);
  const end = async () => {
    await child.dismiss(END_LIMIT_MS);
    if (pid !== undefined) putAway({ process: pid });
  };
  try {
    await child.receive(signal);
  } catch {
    await end();
    signal.throwIfAborted();
    return null;
  }
  return {
    async run(request) {
      child.send({ type: 'run', ...request });
      const message = await child.receive(signal);
      if (message.type !== 'ended') throw new Error(`The bench of ${directory} said ${message.type}.`);
      return message;
    },
    end,
  };
}
