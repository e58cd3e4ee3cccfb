/** Whether two runs can be compared at all, and what makes them less alike than they should be. */
import type { Environment, RunRecord } from '../record.ts';

/** Runs that cannot be compared; the message is one sentence. */
export class Incomparable extends Error {}

/**
 * Refuses two records of one experiment that did other work.
 *
 * @throws Incomparable
 */
export function refuseOtherWork(before: RunRecord, after: RunRecord): void {
  const { id } = after.experiment;
  if (before.profile !== after.profile)
    throw new Incomparable(
      `${id} ran in profile ${before.profile} before and ${after.profile} now: other work.`,
    );
  if (
    JSON.stringify([before.parameters, before.targets]) !== JSON.stringify([after.parameters, after.targets])
  )
    throw new Incomparable(`${id} ran with other parameters before than now: other work.`);
}

/** What two runs differ in besides their code, one sentence each. */
export function differences(before: Environment, after: Environment): string[] {
  const majorOf = ({ node }: Environment) => node.split('.')[0]!;
  const facts: [string, string, string][] = [
    ['Node', majorOf(before), majorOf(after)],
    ['the processor', before.cpu.model, after.cpu.model],
    ['undici', before.undici.installed, after.undici.installed],
  ];
  return facts
    .filter(([, was, is]) => was !== is)
    .map(([what, was, is]) => `The runs differ in ${what}: ${was} before, ${is} now.`);
}
