/** Gates with what each needs by its own rule: of the samples, and so of the time. */
import { exceedsLimit, MOST_HISTORY } from './bencher.ts';
import { LEAST_SAMPLES as BENCHSTAT_SAMPLES, isSignificantlySlower } from './benchstat.ts';
import { exceedsThreshold } from './github-action-benchmark.ts';
import { overlapGate } from './overlap-gate.ts';
import { isEnough, relativeDifference, LEAST_SAMPLES as TACHOMETER_SAMPLES } from './tachometer.ts';

/** The times of a row on both sides of one round, each in a process of its own: one time for each repeat. */
export interface RoundTimes {
  readonly beforeMs: readonly number[];
  readonly afterMs: readonly number[];
}

/** A gate that compares a run with earlier ones, each a process with {@link RUN_SAMPLES} samples. */
export interface GateOfRuns {
  readonly name: string;
  /** The earlier runs that it reads at most. */
  readonly history: number;
  /** How many runs a check measures: 1 if earlier ones are kept, 2 if both sides are measured. */
  readonly measured: 1 | 2;
  /** @param historyMs the times of each earlier run, the newest last; at least one run */
  isSlower(historyMs: readonly (readonly number[])[], currentMs: readonly number[]): boolean;
}

/** A gate that measures both sides in turn until its rule says that this is enough. */
export interface GateOfRounds {
  readonly name: string;
  /** Whether it reads all repeats of a short row, and so measures them; otherwise the first. */
  readonly repeats: boolean;
  /** It says what another gate says of rows without repeats, and is left out there. */
  readonly onlyOfRepeated?: boolean;
  /**
   * @param rounds in turn, without an end
   * @param roundSeconds the time of one round of both sides
   */
  check(rounds: Iterator<RoundTimes>, roundSeconds: number): { slower: boolean; rounds: number };
}

/** The samples of a run, for all gates that compare runs: as many as benchstat asks for. */
export const RUN_SAMPLES = BENCHSTAT_SAMPLES;

const threshold = (ratio: number): GateOfRuns => ({
  name: `github-action-benchmark, ${Math.round(ratio * 100)} %`,
  history: 1,
  measured: 1,
  isSlower: (historyMs, currentMs) => exceedsThreshold(historyMs.at(-1)!, currentMs, ratio),
});

export const GATES_OF_RUNS: readonly GateOfRuns[] = [
  threshold(2),
  threshold(1.5),
  threshold(1.1),
  {
    name: 'benchstat',
    history: 1,
    measured: 2,
    isSlower: (historyMs, currentMs) => isSignificantlySlower(historyMs.at(-1)!, currentMs),
  },
  { name: 'Bencher, t_test 0.99', history: MOST_HISTORY, measured: 1, isSlower: exceedsLimit },
];

const tachometer = (horizon: number): GateOfRounds => ({
  name: `tachometer, ${Math.round(horizon * 100)} %`,
  repeats: false,
  check(rounds, roundSeconds) {
    const sampled = { beforeMs: [] as number[], afterMs: [] as number[] };
    const extraSeconds = () => (sampled.beforeMs.length - TACHOMETER_SAMPLES) * roundSeconds;
    while (!isEnough({ ...sampled, extraSeconds: extraSeconds() }, horizon)) {
      const { beforeMs, afterMs } = rounds.next().value as RoundTimes;
      sampled.beforeMs.push(beforeMs[0]!);
      sampled.afterMs.push(afterMs[0]!);
    }
    const { low } = relativeDifference(sampled.beforeMs, sampled.afterMs);
    return { slower: low > horizon, rounds: sampled.beforeMs.length };
  },
});

const overlap = (margin: number, repeats = true): GateOfRounds => ({
  name: `Overlap, margin ${Math.round(margin * 100)} %${repeats ? '' : ', no repeats'}`,
  repeats,
  onlyOfRepeated: !repeats,
  check: (rounds, roundSeconds) => overlapGate(rounds, roundSeconds, margin),
});

export const GATES_OF_ROUNDS: readonly GateOfRounds[] = [
  tachometer(0),
  tachometer(0.05),
  overlap(0.05),
  overlap(0.02),
  overlap(0.05, false),
];
