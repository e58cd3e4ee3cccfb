/** Tries on kept samples: which rounds and runs a gate is given, and what it then says. */

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { mean } from 'simple-statistics';
import { shuffled } from '../../../harness/measure/plan/round-order.ts';
import type { GateSamples, MeasuredProcess, MeasuredRound } from './gate-samples.ts';
import { type GateOfRounds, type GateOfRuns, type RoundTimes, RUN_SAMPLES } from './gates.ts';

/** The names of a row before and after. */
export interface Compared {
  readonly before: string;
  readonly after: string;
}

/** What a gate said in one try, and what its measurement took. */
export interface Answer {
  readonly slower: boolean;
  readonly seconds: number;
}

/** The two sides of one round. */
interface Sides {
  readonly before: MeasuredProcess;
  readonly after: MeasuredProcess;
}

/**
 * Rounds in random order, with the sides of each at random; then all of them again in another order, without an end.
 *
 * @param seed the same seed gives the same rounds
 */
export function* shuffledSides(rounds: readonly MeasuredRound[], seed: number): Generator<Sides, never> {
  const random = xoroshiro128plus(seed);
  const draw = (below: number) => uniformInt(random, 0, below - 1);
  for (;;)
    for (const index of shuffled(rounds.length, draw)) {
      const [one, other] = rounds[index]!;
      yield draw(2) === 0 ? { before: one, after: other } : { before: other, after: one };
    }
}

/** Rounds as they were measured, from one of them on and without an end; the sides take turns, as with `--base`. */
export function* sidesInOrder(rounds: readonly MeasuredRound[], from: number): Generator<Sides, never> {
  for (let index = from; ; index++) {
    const [one, other] = rounds[index % rounds.length]!;
    yield index % 2 === 0 ? { before: one, after: other } : { before: other, after: one };
  }
}

/** What a process of one row takes, as means over all processes, in seconds. */
export interface Costs {
  /** To start, to warm up and to end. */
  readonly process: number;
  readonly sample: number;
  /** The samples of a process in a round. */
  readonly repeats: number;
}

/** @param row as it is */
export function costsOf({ rounds, runs, conditions }: GateSamples, row: string): Costs {
  const processes = [...rounds.flat(), ...runs];
  const seconds = (values: readonly number[]) => mean(values) / 1000;
  return {
    process: seconds(processes.map(({ startMs, warmUpMs }) => startMs + warmUpMs[row]!)),
    sample: seconds(processes.flatMap(({ sampleMs }) => sampleMs[row]!)),
    repeats: conditions.repeats[row]!,
  };
}

/** A gate with one interface for both kinds. */
export interface Tried {
  readonly name: string;
  /** What it says of rounds. @param sides without an end */
  ofRounds(sides: Iterator<Sides, never>, compared: Compared, costs: Costs): Answer;
  /** What it says of two runs of the same row, one after the other. @param pair from 0 */
  ofRuns?(runs: readonly MeasuredProcess[], pair: number, row: string): boolean;
}

/** A gate of runs: on rounds, a run has the samples of as many processes. */
export function triedOnRuns(gate: GateOfRuns): Tried {
  return {
    name: gate.name,
    ofRounds(sides, compared, costs) {
      const pairs = Array.from({ length: gate.history * RUN_SAMPLES }, () =>
        timesIn(sides.next().value, compared),
      );
      const before = pairs.map(({ beforeMs }) => beforeMs[0]!);
      const history = Array.from({ length: gate.history }, (_, run) =>
        before.slice(run * RUN_SAMPLES, (run + 1) * RUN_SAMPLES),
      );
      const current = pairs.slice(0, RUN_SAMPLES).map(({ afterMs }) => afterMs[0]!);
      const seconds = gate.measured * (costs.process + RUN_SAMPLES * costs.sample);
      return { slower: gate.isSlower(history, current), seconds };
    },
    ofRuns(runs, pair, row) {
      const timesMs = runs.map((run) => run.timesMs[row]!);
      const [last, current] = [2 * pair, 2 * pair + 1];
      return gate.isSlower(timesMs.slice(Math.max(0, last + 1 - gate.history), last + 1), timesMs[current]!);
    },
  };
}

/** A gate of rounds, which has an answer for rounds alone. */
export function triedOnRounds(gate: GateOfRounds): Tried {
  return {
    name: gate.name,
    ofRounds(sides, compared, costs) {
      const roundSeconds = 2 * (costs.process + (gate.repeats ? costs.repeats : 1) * costs.sample);
      const { slower, rounds } = gate.check(timesOf(sides, compared, gate.repeats), roundSeconds);
      return { slower, seconds: rounds * roundSeconds };
    },
  };
}

function* timesOf(
  sides: Iterator<Sides, never>,
  compared: Compared,
  repeats: boolean,
): Generator<RoundTimes, never> {
  for (;;) {
    const { beforeMs, afterMs } = timesIn(sides.next().value, compared);
    yield repeats ? { beforeMs, afterMs } : { beforeMs: beforeMs.slice(0, 1), afterMs: afterMs.slice(0, 1) };
  }
}

function timesIn({ before, after }: Sides, compared: Compared): RoundTimes {
  return { beforeMs: before.timesMs[compared.before]!, afterMs: after.timesMs[compared.after]! };
}
