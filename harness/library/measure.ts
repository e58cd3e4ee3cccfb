/** `measure`: times functions of the caller, for those who have a test runner already. */
import { median } from 'simple-statistics';
import { distrustOf } from '../findings/control.ts';
import { judgeRatio, type Verdict } from '../findings/judge.ts';
import type { Estimate } from '../model/row.ts';
import { speedup } from '../statistics/speedup.ts';
import {
  type CheckedRequest,
  checkedRequest,
  type MeasuredFunctions,
  type MeasureOptions,
} from './measured-functions.ts';
import { callInRounds, entriesOfRound, type FunctionSample } from './timed-calls.ts';

/** The figures of one function. */
export interface FunctionRow {
  readonly name: string;
  readonly baseline: boolean;
  /** How many rounds the figures are from: those in which every function finished. */
  readonly rounds: number;
  readonly medianMs: number;
  /** Baseline time / own time, paired by round, with its 95 % interval; 1 for the baseline. No interval below 6 rounds. */
  readonly speedup: Estimate;
  /** `tied`: the interval holds 1. `unproven`: there is no interval. */
  readonly verdict: Verdict;
}

/** The result of `measure`. */
export interface Measurement {
  /** In the order of the functions; empty if no round was finished. */
  readonly rows: readonly FunctionRow[];
  /** Every call in the order in which it ran, also those that warm up. */
  readonly samples: readonly FunctionSample[];
  /** First / second call of the baseline in each round, with its 95 % interval; null without a control or without rounds. */
  readonly control: Estimate | null;
  /** False if the interval of `control` excludes 1: this machine did not give equal work equal time. */
  readonly trusted: boolean;
  /** The seed of the orders. */
  readonly seed: number;
  /** Whether the signal ended the measurement before its last round. */
  readonly aborted: boolean;
}

/**
 * Calls each function once a round, in a balanced random order, and compares their times with those of the baseline in the
 * same rounds. It prints nothing.
 *
 * One call is one sample, so let it do the whole batch of work: below 0.1 ms the clock and the call itself matter. Results of
 * the functions are not looked at. Garbage is collected before each call.
 *
 * @param functions at least one, sync or async
 * @returns rows with verdicts, and every sample; if the signal aborts, of what was measured until then
 * @throws TypeError or RangeError before the first call if a setting is wrong; Error that names the function and the round if
 *   one fails, with its own error as the cause
 */
export async function measure(
  functions: MeasuredFunctions,
  options: MeasureOptions = {},
): Promise<Measurement> {
  const request = checkedRequest(functions, options);
  const samples: FunctionSample[] = [];
  const work = callInRounds(request, (sample) => samples.push(sample));
  await (request.signal === undefined ? work : untilAborted(work, request.signal));
  const { seed, rounds } = request;
  const finished = finishedRounds(request, samples);
  const control = controlOf(request, finished);
  return {
    rows: rowsOf(request, finished),
    samples,
    control,
    trusted: distrustOf(control) === null,
    seed,
    aborted: finished.length < rounds,
  };
}

/** Waits for the work or for the signal, whichever comes first. @throws the error of the work */
async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  const end = () => aborted.resolve();
  signal.addEventListener('abort', end);
  try {
    await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** The samples of each round in which every call was finished. */
function finishedRounds(request: CheckedRequest, samples: readonly FunctionSample[]): FunctionSample[][] {
  const { length } = entriesOfRound(request, { round: 1, warmUp: false });
  const measured = samples.filter(({ warmUp }) => !warmUp);
  return [...Map.groupBy(measured, ({ round }) => round).values()].filter((round) => round.length === length);
}

/** The time of a function in each round, in ms; of the baseline, that of its first call, or of its twin. */
function timesOf(rounds: readonly FunctionSample[][], name: string, twin = false): number[] {
  return rounds.map((round) => round.find((call) => call.name === name && call.twin === twin)!.wallMs);
}

function rowsOf({ functions, baseline }: CheckedRequest, rounds: readonly FunctionSample[][]): FunctionRow[] {
  if (rounds.length === 0) return [];
  const baselineMs = timesOf(rounds, baseline);
  return functions.map(({ name }) => {
    const timesMs = timesOf(rounds, name);
    const { ratio, verdict } = judgeRatio(speedup(baselineMs, timesMs));
    return {
      name,
      baseline: name === baseline,
      rounds: rounds.length,
      medianMs: median(timesMs),
      speedup: ratio,
      verdict,
    };
  });
}

function controlOf(
  { baseline, control }: CheckedRequest,
  rounds: readonly FunctionSample[][],
): Estimate | null {
  if (!control || rounds.length === 0) return null;
  return speedup(timesOf(rounds, baseline), timesOf(rounds, baseline, true));
}
