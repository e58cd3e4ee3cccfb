/** Checks whether records belong to one run. */
import { isDeepStrictEqual } from 'node:util';
import type { Environment, RunRecord } from './schema.ts';

/** The parts of the environment that must stay the same throughout a run, by their names for people. */
const SAME = { Node: 'node', packages: 'packages', processor: 'cpu', system: 'os', commit: 'git' } as const;

/** The differences between two environments that one run cannot have, in words such as `Node`. */
export function environmentDifferences(one: Environment, other: Environment): string[] {
  return Object.entries(SAME).flatMap(([word, field]) =>
    isDeepStrictEqual(one[field], other[field]) ? [] : [word],
  );
}

/** Whether records come from different machines, software or commits. */
export function isMixed(records: readonly RunRecord[]): boolean {
  return records.some(
    ({ environment }) => environmentDifferences(records[0]!.environment, environment).length > 0,
  );
}
