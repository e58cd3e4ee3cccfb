/** The folder of a history: one JSON file a run, so that two pushes never change the same file. */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { writeFileWhole } from '../whole-file.ts';
import { HISTORY_VERSION, type HistoryRun, HistoryRunSchema } from './run-schema.ts';

const CHECK = Compile(HistoryRunSchema);

/** What a folder holds. */
export interface History {
  /** By the date of their commits, then by when they were measured. */
  readonly runs: readonly HistoryRun[];
  /** What is wrong with the other files, one sentence each. */
  readonly faults: readonly string[];
}

/**
 * Reads the runs of a folder. A file that is damaged, foreign, of a newer release or a copy of another one is left out.
 *
 * @returns no runs if the folder does not exist
 * @throws one sentence if the folder cannot be read
 */
export function readHistory(folder: string): History {
  const runs = new Map<string, { readonly run: HistoryRun; readonly name: string }>();
  const faults: string[] = [];
  for (const name of namesIn(folder)) {
    const read = readRun(join(folder, name));
    if (typeof read === 'string') {
      faults.push(`${name} ${read}`);
      continue;
    }
    const same = runs.get(read.id);
    if (same === undefined) runs.set(read.id, { run: read, name });
    else faults.push(`${name} is the same run as ${same.name}, and counts once.`);
  }
  return { runs: [...runs.values()].map(({ run }) => run).sort(inTime), faults };
}

/** A run of a history with the file that it is in. */
export interface Added {
  /** The name of its file in the folder. */
  readonly name: string;
  /** Whether the folder had it already. */
  readonly known: boolean;
}

/** Puts a run into a folder, which is made if it is missing. @throws one sentence if it cannot be written */
export function addRun(folder: string, run: HistoryRun): Added {
  const { commit, id } = run;
  const name = `${commit.date.replace(/\.\d+|[-:]/g, '')}-${commit.id.slice(0, 9)}-${id}.json`;
  const file = join(folder, name);
  if (existsSync(file)) return { name, known: true };
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(`${folder} cannot be made: ${(error as Error).message}.`);
  }
  writeFileWhole(file, `${JSON.stringify(run)}\n`);
  return { name, known: false };
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    throw new Error(`${folder} cannot be read: ${(error as Error).message}.`);
  }
}

/** The run in a file, or what is wrong with the file, after its name. */
function readRun(file: string): HistoryRun | string {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return error instanceof SyntaxError
      ? 'is not JSON, or was cut short, and is left out.'
      : `cannot be read: ${(error as Error).message}.`;
  }
  const version = (value as { historyVersion?: unknown } | null)?.historyVersion;
  if (version === undefined) return 'is not a run of a history, and is left out.';
  if (typeof version === 'number' && version > HISTORY_VERSION)
    return `is of a newer release (history version ${version}), and is left out.`;
  if (!CHECK.Check(value)) {
    const [fault] = CHECK.Errors(value);
    return `is damaged at ${fault?.instancePath || 'its top'}, and is left out.`;
  }
  return value;
}

function inTime(one: HistoryRun, other: HistoryRun): number {
  return (
    Date.parse(one.commit.date) - Date.parse(other.commit.date) ||
    Date.parse(one.measuredAt) - Date.parse(other.measuredAt)
  );
}
