/** The kept samples of the study: processes, each with the times of its rows. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFileWhole } from '../../../harness/whole-file.ts';
import { REPEATS, ROWS, SHARES, WORK } from './two-rows.ts';

/** One process: it starts, runs each plain row once to warm up, and then all its rows. */
export interface MeasuredProcess {
  /** Everything but samples: starting and ending the process and its target. */
  readonly startMs: number;
  /** What the warm-up of a row took. */
  readonly warmUpMs: Readonly<Record<string, number>>;
  /** The times of each row; of repeats, the first has a random place among all samples. */
  readonly timesMs: Readonly<Record<string, readonly number[]>>;
  /** What its samples took with all that is done around them. */
  readonly sampleMs: Readonly<Record<string, readonly number[]>>;
}

/** Two processes, one after the other, with each row as often as it is repeated. */
export type MeasuredRound = readonly [MeasuredProcess, MeasuredProcess];

/** What must be the same for samples to be comparable. */
export interface Conditions {
  readonly requests: number;
  readonly delayMs: number;
  readonly rows: readonly string[];
  /** The samples of each row in a process of a round. */
  readonly repeats: Readonly<Record<string, number>>;
  readonly shares: readonly number[];
  /** The machine and the versions, by name. */
  readonly environment: Readonly<Record<string, string>>;
}

/** All samples, in the order in which they were measured. */
export interface GateSamples {
  readonly conditions: Conditions;
  readonly rounds: readonly MeasuredRound[];
  /** Processes with several samples of each row as it is, one after the other. */
  readonly runs: readonly MeasuredProcess[];
}

/** The conditions of a measurement here. */
export function conditionsIn(environment: Conditions['environment']): Conditions {
  return { ...WORK, rows: ROWS, repeats: REPEATS, shares: SHARES, environment };
}

/**
 * Reads kept samples.
 *
 * @returns null if the file does not exist
 * @throws one sentence if it is something else
 */
export function readSamples(file: string): GateSamples | null {
  if (!existsSync(file)) return null;
  const samples = parse(file);
  if (samples === null || !Array.isArray(samples.rounds) || !Array.isArray(samples.runs))
    throw new Error(`${file} does not hold samples of this study; name another file.`);
  return samples as GateSamples;
}

function parse(file: string): Partial<GateSamples> | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

/**
 * The samples to go on from.
 *
 * @throws one sentence if those in the file were measured under other conditions
 */
export function resumeSamples(file: string, conditions: Conditions): GateSamples {
  const kept = readSamples(file);
  if (kept === null) return { conditions, rounds: [], runs: [] };
  const [then, now] = [JSON.stringify(kept.conditions), JSON.stringify(conditions)];
  if (then !== now)
    throw new Error(
      `The samples in ${file} cannot be continued: they were measured with ${then}, here is ${now}.`,
    );
  return kept;
}

/** Writes all samples, one process or round a line. The folder must exist. @throws as `writeFileWhole` */
export function writeSamples(file: string, { conditions, rounds, runs }: GateSamples): void {
  const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(',\n');
  writeFileWhole(
    file,
    `{"conditions":${JSON.stringify(conditions)},\n"rounds":[\n${lines(rounds)}\n],\n"runs":[\n${lines(runs)}\n]}\n`,
  );
}
