/** What makes records those of one run. */
import { isDeepStrictEqual } from 'node:util';
import type { Environment, RunRecord } from './schema.ts';

/** What of the environment must be the same throughout a run, by the words for it. */
const SAME = { Node: 'node', packages: 'packages', processor: 'cpu', system: 'os', commit: 'git' } as const;

/** What two environments differ in that is the same throughout a run: none, or words such as `Node`. */
export function environmentDifferences(one: Environment, other: Environment): string[] {
  return Object.entries(SAME).flatMap(([word, field]) =>
    isDeepStrictEqual(one[field], other[field]) ? [] : [word],
  );
}

/** Whether some records were made elsewhere, with other software or of another commit. */
export function isMixed(records: readonly RunRecord[]): boolean {
  return records.some(
    ({ environment }) => environmentDifferences(records[0]!.environment, environment).length > 0,
  );
}
