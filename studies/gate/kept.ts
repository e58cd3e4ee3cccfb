/** Measurements of a study that are kept as they end, in a JSON file with the conditions under which they were taken. */
import { existsSync, readFileSync } from 'node:fs';
import type { Environment } from '../../harness/record/schema.ts';
import { writeFileWhole } from '../../harness/whole-file.ts';

/** Conditions, and lists of measurements by name. */
export interface Kept {
  readonly conditions: object;
}

/**
 * Reads kept measurements.
 *
 * @param lists the names of its lists
 * @returns null if the file does not exist
 * @throws one sentence if it is something else
 */
export function readKept<Of extends Kept>(file: string, lists: readonly (keyof Of)[]): Of | null {
  if (!existsSync(file)) return null;
  const kept = parse<Of>(file);
  if (kept === null || lists.some((list) => !Array.isArray(kept[list])))
    throw new Error(`${file} does not hold samples of this study; name another file.`);
  return kept;
}

function parse<Of>(file: string): Of | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

/**
 * The measurements to go on from.
 *
 * @param none what there is without a file, with the conditions here
 * @throws one sentence if those in the file were taken under other conditions
 */
export function resumeKept<Of extends Kept>(file: string, lists: readonly (keyof Of)[], none: Of): Of {
  const kept = readKept<Of>(file, lists);
  if (kept === null) return none;
  const [then, now] = [JSON.stringify(kept.conditions), JSON.stringify(none.conditions)];
  if (then !== now)
    throw new Error(
      `The samples in ${file} cannot be continued: they were measured with ${then}, here is ${now}.`,
    );
  return kept;
}

/** Writes them, one measurement a line. The folder must exist. @throws as `writeFileWhole` */
export function writeKept<Of extends Kept>(file: string, { conditions, ...lists }: Of): void {
  const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(',\n');
  const texts = Object.entries(lists).map(
    ([name, values]) => `"${name}":[\n${lines(values as readonly unknown[])}\n]`,
  );
  writeFileWhole(file, `{"conditions":${[JSON.stringify(conditions), ...texts].join(',\n')}}\n`);
}

/** What of a machine must stay the same while a study measures, by name. */
export function machineFacts({ node, cpu, os, undici }: Environment): Record<string, string> {
  return {
    node,
    undici: undici.installed,
    processor: `${cpu.model}, ${cpu.count} cores`,
    system: `${os.platform} ${os.release}, ${os.arch}`,
  };
}
