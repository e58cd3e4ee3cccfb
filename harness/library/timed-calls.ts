/** Calls functions in rounds, and times each call. */
import { garbageCollector } from '../measure/conduct/garbage.ts';
import { oneCallBench } from '../measure/conduct/one-call-bench.ts';
import { entriesOf, type RoundEntry } from '../measure/plan/round-entries.ts';
import { roundOrder } from '../measure/plan/round-order.ts';
import type { CheckedRequest } from './measured-functions.ts';

/** One call of one function. */
export interface FunctionSample {
  readonly name: string;
  /** From 1; rounds that warm up are counted by themselves. */
  readonly round: number;
  readonly warmUp: boolean;
  /** The place of the call in its round, from 0. */
  readonly position: number;
  /** Whether it is the second call of the baseline in its round. */
  readonly twin: boolean;
  readonly wallMs: number;
}

/**
 * Calls every function once a round, the baseline twice if it is the control. Warm-up rounds are in the order of the list.
 * It stops after the call in which the signal aborts.
 *
 * @param keep gets each sample that was complete before the signal aborted
 * @throws Error that names the function and the round, with the function's own error as its cause
 */
export async function callInRounds(
  request: CheckedRequest,
  keep: (sample: FunctionSample) => void,
): Promise<void> {
  const { rounds, warmupRounds, signal } = request;
  const call = createCall(request);
  const numbersTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
  const all = [
    ...numbersTo(warmupRounds).map((round) => ({ round, warmUp: true })),
    ...numbersTo(rounds).map((round) => ({ round, warmUp: false })),
  ];
  for (const { round, warmUp } of all)
    for (const [position, { id: name, twin }] of entriesOfRound(request, { round, warmUp }).entries()) {
      if (signal?.aborted) return;
      try {
        const wallMs = await call(name);
        if (signal?.aborted) return;
        keep({ name, round, warmUp, position, twin, wallMs });
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`"${name}" failed in ${warmUp ? 'warm-up ' : ''}round ${round}: ${reason}`, {
          cause,
        });
      }
    }
}

/** The entries of a round, as those of an experiment with one group. */
export function entriesOfRound(
  {
    functions,
    baseline,
    control,
    rounds,
    seed,
  }: Pick<CheckedRequest, 'functions' | 'baseline' | 'control' | 'rounds' | 'seed'>,
  { round, warmUp }: { readonly round: number; readonly warmUp: boolean },
): readonly RoundEntry[] {
  const entries = entriesOf(
    functions.map(({ name }) => ({
      group: '',
      id: name,
      control: control && name === baseline,
      warmsUp: true,
      rounds,
      repeats: 1,
    })),
    { round, warmUp },
  );
  return warmUp ? entries : roundOrder(entries.length, round, seed).map((position) => entries[position]!);
}

/** Makes a function that calls one of the functions by its name, and returns its wall time in ms. */
function createCall({ functions, beforeEach, afterEach }: CheckedRequest): (name: string) => Promise<number> {
  const runs = new Map(functions.map(({ name, run }) => [name, run]));
  const collectGarbage = garbageCollector();
  return async (name) => {
    const run = runs.get(name)!;
    const bench = oneCallBench();
    // tinybench takes a result with the property overriddenDuration for a time, so it gets none.
    const timed = async () => {
      await run();
    };
    bench.add(name, timed, {
      async: true,
      beforeEach: async () => {
        await beforeEach?.(name);
        collectGarbage();
      },
      afterEach: async () => {
        await afterEach?.(name);
      },
    });
    const [task] = await bench.run();
    return task?.result.state === 'completed' ? task.result.latency.samples![0]! : Number.NaN;
  };
}
