/** The kept samples of the study: processes, each with the times of its rows. */
import { readKept, resumeKept, writeKept } from '../kept.ts';
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

const LISTS = ['rounds', 'runs'] as const;

/** Reads kept samples; null without a file. @throws as `readKept` */
export function readSamples(file: string): GateSamples | null {
  return readKept<GateSamples>(file, LISTS);
}

/** The samples to go on from. @throws as `resumeKept` */
export function resumeSamples(file: string, conditions: Conditions): GateSamples {
  return resumeKept<GateSamples>(file, LISTS, { conditions, rounds: [], runs: [] });
}

/** Writes all samples, one process or round a line. The folder must exist. @throws as `writeKept` */
export function writeSamples(file: string, { conditions, rounds, runs }: GateSamples): void {
  writeKept(file, { conditions, rounds, runs });
}
