/** The process that generates load, as the search talks to it. */
import { join } from 'node:path';
import { type Child, ChildDied, startChild } from '../measure/process/child.ts';
import type { ArrivalsMeasured } from './arrivals.ts';
import type { StepMeasured } from './closed-loop.ts';
import { type Work, WorkError } from './job-source.ts';
import type { FromLoad, ToLoad } from './messages.ts';

/** A running load process with its work opened. */
export interface LoadProcess {
  readonly opened: Extract<FromLoad, { type: 'opened' }>;
  step(options: Extract<ToLoad, { type: 'step' }>['options']): Promise<StepMeasured>;
  arrive(options: Extract<ToLoad, { type: 'arrive' }>['options']): Promise<ArrivalsMeasured>;
  /** Lets the module put its things away, and ends the process. */
  end(): Promise<void>;
}

/** Beyond its own time limit, a process that is silent for this long is stuck. */
const STUCK_MS = 5000;
/** The time limit of an import and a `setup`. */
const SETUP_LIMIT_MS = 30_000;
const LEAVE_LIMIT_MS = 3000;

/**
 * Starts the process and opens the work, which sends one job.
 *
 * @param jobLimitMs the time limit of one job
 * @param signal stops waiting; `end` must still be called
 * @throws WorkError, one sentence, if the work cannot be used; the abort reason of `signal`
 */
export async function startLoad(work: Work, jobLimitMs: number, signal: AbortSignal): Promise<LoadProcess> {
  const { child } = await startChild<ToLoad, FromLoad>(
    'The process of the load',
    join(import.meta.dirname, 'load.ts'),
    {
      signal,
      // The user's code runs as it would without Overlap.
      variables: Object.fromEntries(
        Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
      ),
    },
  );
  const expect = async <Type extends FromLoad['type']>(answer: Type, limitMs: number) => {
    const got = await receive(child, limitMs + STUCK_MS, signal);
    if (got.type === 'failed') throw new WorkError(got.message);
    if (got.type !== answer) throw new WorkError(`The process of the load said ${got.type}, not ${answer}.`);
    return got as Extract<FromLoad, { type: Type }>;
  };
  const ask = <Type extends FromLoad['type']>(message: ToLoad, answer: Type, limitMs: number) => {
    child.send(message);
    return expect(answer, limitMs);
  };
  const end = () => child.dismiss(LEAVE_LIMIT_MS);
  try {
    await ask({ type: 'open', work, jobLimitMs }, 'trying', SETUP_LIMIT_MS);
    const opened = await expect('opened', jobLimitMs);
    return {
      opened,
      end,
      async step(options) {
        const { measured } = await ask({ type: 'step', options }, 'stepped', options.timeLimitMs);
        return measured;
      },
      async arrive(options) {
        const { measured } = await ask({ type: 'arrive', options }, 'arrived', options.timeLimitMs);
        return measured;
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function receive(
  child: Child<ToLoad, FromLoad>,
  limitMs: number,
  signal: AbortSignal,
): Promise<FromLoad> {
  const tooLong = AbortSignal.timeout(Math.ceil(limitMs));
  try {
    return await child.receive(AbortSignal.any([signal, tooLong]));
  } catch (error) {
    if (error instanceof ChildDied) throw new WorkError(error.message);
    if (!tooLong.aborted || signal.aborted) throw error;
    await child.kill();
    throw new WorkError(
      'The jobs keep the event loop busy without an end; look for a loop that never waits.',
    );
  }
}
