/** What the records of a plan's parts lack. */
import type { RunRecord } from '../../record/schema.ts';
import { runAgain } from './engines.ts';

/** A part of a plan that has to run again. */
export interface MissingPart {
  /** From 1. */
  readonly number: number;
  /** Its experiments without a record. */
  readonly lost: readonly string[];
  /** Its experiments whose record has not ended. */
  readonly unfinished: readonly string[];
}

/**
 * The parts of a plan that are missing or have not ended, by number.
 *
 * @param records those of one plan; nothing is missing without one
 */
export function missingParts(records: readonly RunRecord[]): MissingPart[] {
  const plan = records.find((record) => record.plan !== undefined)?.plan;
  return (plan?.shards ?? []).flatMap((ids, index) => {
    const recordOf = (id: string) => records.find(({ experiment }) => experiment.id === id);
    const lost = ids.filter((id) => recordOf(id) === undefined);
    const unfinished = ids.filter((id) => ['running', 'interrupted'].includes(recordOf(id)?.status ?? ''));
    return lost.length + unfinished.length === 0 ? [] : [{ number: index + 1, lost, unfinished }];
  });
}

/**
 * Says which parts are missing and how to run them again, in the words of the engine that ran the others.
 *
 * @param records as for {@link missingParts}, which gave `missing`
 */
export function missingText(records: readonly RunRecord[], missing: readonly MissingPart[]): string[] {
  const plan = records.find((record) => record.plan !== undefined)!.plan!;
  const engine = records.find((record) => record.plan?.engine !== undefined)?.plan?.engine;
  const numbers = missing.map(({ number }) => number);
  const of = plan.shards.length;
  return [
    ...missing.flatMap(({ number, lost, unfinished }) => [
      ...(lost.length === 0 ? [] : [`Part ${number} of ${of} left no record of ${lost.join(', ')}.`]),
      ...(unfinished.length === 0
        ? []
        : [`Part ${number} of ${of} has not finished ${unfinished.join(', ')}.`]),
    ]),
    `To complete the run, ${runAgain(engine, numbers, of)}, then merge once more.`,
  ];
}
