/** How often each gate is wrong about the kept samples, and how often it finds a slowdown. */
import { mean } from 'simple-statistics';
import type { GateSamples } from './gate-samples.ts';
import { GATES_OF_ROUNDS, GATES_OF_RUNS } from './gates.ts';
import {
  type Answer,
  type Compared,
  costsOf,
  shuffledSides,
  sidesInOrder,
  type Tried,
  triedOnRounds,
  triedOnRuns,
} from './tries.ts';
import { slowedName } from './two-rows.ts';

/** How often something is tried. */
export interface Tries {
  /** Random orders of rounds, for each slowdown and without one. */
  readonly splits: number;
  /** Where nothing changed, as it was measured. */
  readonly pairs: number;
}

export const TRIES: Tries = { splits: 200, pairs: 20 };

/** One gate on one row. Counts are of tries in which the row was called slower. */
export interface GateFigures {
  readonly gate: string;
  /** Nothing changed: random orders. */
  readonly falseSplits: number;
  /** Nothing changed: in the order of the measurement. */
  readonly falsePairs: number;
  /** By slowdown. */
  readonly found: ReadonlyMap<number, number>;
  /** The mean time of a check where nothing changed, and of one of a slowdown of 10 %. */
  readonly seconds: { readonly unchanged: number; readonly slower: number };
}

/** The slowdown whose checks are timed. */
export const TIMED_SHARE = 0.1;

/**
 * The figures of every gate on one row. All gates are given the same rounds.
 *
 * @param row its name as it is
 */
export function figuresOf(
  samples: GateSamples,
  row: string,
  { splits, pairs }: Tries = TRIES,
): GateFigures[] {
  const costs = costsOf(samples, row);
  const { shares } = samples.conditions;
  const ofRounds = GATES_OF_ROUNDS.filter(({ onlyOfRepeated }) => !onlyOfRepeated || costs.repeats > 1);
  return [...GATES_OF_RUNS.map(triedOnRuns), ...ofRounds.map(triedOnRounds)].map((gate) => {
    const tryAll = (compared: Compared) =>
      Array.from({ length: splits }, (_, seed) =>
        gate.ofRounds(shuffledSides(samples.rounds, seed), compared, costs),
      );
    const unchanged = tryAll({ before: row, after: row });
    const slowed = new Map(
      shares.map((share) => [share, tryAll({ before: row, after: slowedName(row, share) })]),
    );
    return {
      gate: gate.name,
      falseSplits: countSlower(unchanged),
      falsePairs: falsePairsOf(gate, samples, row, pairs),
      found: new Map([...slowed].map(([share, answers]) => [share, countSlower(answers)])),
      seconds: { unchanged: meanSeconds(unchanged), slower: meanSeconds(slowed.get(TIMED_SHARE)!) },
    };
  });
}

/**
 * Gates of runs are given pairs of runs. Gates of rounds are given rounds in order: as many stretches of them as there are
 * pairs, shared out among the plain row and its slowed ones, each compared with itself.
 */
function falsePairsOf(gate: Tried, samples: GateSamples, row: string, pairs: number): number {
  const { rounds, runs, conditions } = samples;
  const numbers = Array.from({ length: pairs }, (_, pair) => pair);
  if (gate.ofRuns !== undefined) return numbers.filter((pair) => gate.ofRuns!(runs, pair, row)).length;
  const names = [row, ...conditions.shares.map((share) => slowedName(row, share))];
  const stretches = Math.ceil(pairs / names.length);
  const costs = costsOf(samples, row);
  return numbers.filter((pair) => {
    const name = names[pair % names.length]!;
    const from = Math.floor((Math.floor(pair / names.length) * rounds.length) / stretches);
    return gate.ofRounds(sidesInOrder(rounds, from), { before: name, after: name }, costs).slower;
  }).length;
}

function countSlower(answers: readonly Answer[]): number {
  return answers.filter(({ slower }) => slower).length;
}

function meanSeconds(answers: readonly Answer[]): number {
  return mean(answers.map(({ seconds }) => seconds));
}
