/**
 * Compares other gates with ours on the same samples: `npm run measure-gate -- --others`. It measures the samples that are
 * missing, keeps each round and run as it ends, and prints a table.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeEnvironment } from '../../../harness/measure/process/environment.ts';
import type { Project } from '../../../harness/project.ts';
import { writeFileWhole } from '../../../harness/whole-file.ts';
import { machineFacts } from '../kept.ts';
import { figuresOf, TRIES } from './gate-figures.ts';
import { conditionsIn, type GateSamples, readSamples, resumeSamples, writeSamples } from './gate-samples.ts';
import { gatesMarkdown } from './gate-table.ts';
import { measureSamples, type Wanted } from './measure-samples.ts';

const WANTED: Wanted = { rounds: 60, runs: 2 * TRIES.pairs };

/** Where the samples of a project are kept, and the table of them beside it. */
export function samplesFileOf({ results }: Pick<Project, 'results'>): string {
  return join(results, 'studies', 'other-gates.json');
}

export function tableFileOf(project: Pick<Project, 'results'>): string {
  return samplesFileOf(project).replace(/json$/, 'md');
}

/**
 * Measures what is missing, and prints and keeps the table when nothing is.
 *
 * @param withinMs no round and no run begins later than this
 */
export async function compareOthers(project: Project, withinMs: number): Promise<void> {
  const file = samplesFileOf(project);
  const samples = await completeSamples(project, { file, wanted: WANTED, withinMs });
  if (samples === null) {
    console.error(`The time is over; the same command goes on from ${file}.`);
    return;
  }
  const table = tableOfSamples(samples);
  writeFileWhole(tableFileOf(project), `${table}\n`);
  console.log(table);
}

/** Tries the study with few samples, which are thrown away; its numbers mean nothing. */
export async function tryOthers(project: Project): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'overlap-others-'));
  try {
    const wanted = { rounds: 2, runs: 2 };
    const file = join(folder, 'samples.json');
    const samples = await completeSamples(project, { file, wanted, withinMs: Number.POSITIVE_INFINITY });
    console.log(tableOfSamples(samples!, { splits: 5, pairs: 1 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The tables of all gates on all rows, as Markdown. */
export function tableOfSamples(samples: GateSamples, tries = TRIES): string {
  const { rows } = samples.conditions;
  return gatesMarkdown(samples, new Map(rows.map((row) => [row, figuresOf(samples, row, tries)])), tries);
}

/** How to measure samples. */
interface Measurement {
  /** Where they are kept. */
  readonly file: string;
  readonly wanted: Wanted;
  readonly withinMs: number;
}

/**
 * Measures what the file lacks: nothing if it has all, on whatever machine that was.
 *
 * @returns all samples, or null if the time was over before
 * @throws one sentence if the file holds something else, or samples of other conditions
 */
export async function completeSamples(
  project: Project,
  { file, wanted, withinMs }: Measurement,
): Promise<GateSamples | null> {
  const isComplete = ({ rounds, runs }: GateSamples) =>
    rounds.length >= wanted.rounds && runs.length >= wanted.runs;
  const kept = readSamples(file);
  if (kept !== null && isComplete(kept)) return kept;
  const environment = await describeEnvironment(project);
  let samples = resumeSamples(file, conditionsIn(machineFacts(environment)));
  mkdirSync(dirname(file), { recursive: true });
  const startMs = performance.now();
  for await (samples of measureSamples(samples, wanted, environment)) {
    writeSamples(file, samples);
    const { rounds, runs } = samples;
    console.error(`${rounds.length} of ${wanted.rounds} rounds, ${runs.length} of ${wanted.runs} runs.`);
    if (performance.now() - startMs >= withinMs) break;
  }
  return isComplete(samples) ? samples : null;
}
