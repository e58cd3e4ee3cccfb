/** Measures the samples of the study: each process is new, with a target of its own. */
import { join } from 'node:path';
import { conduct } from '../../../harness/measure/conduct/conduct.ts';
import type { CatalogEntry } from '../../../harness/measure/plan/catalog.ts';
import { loadExperiment } from '../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../harness/measure/plan/plan.ts';
import { findTargetKinds } from '../../../harness/measure/process/target-kinds.ts';
import type { Environment, RunRecord } from '../../../harness/record/schema.ts';
import type { GateSamples, MeasuredProcess } from './gate-samples.ts';
import { RUN_SAMPLES } from './gates.ts';

/** How many to have in the end. */
export interface Wanted {
  readonly rounds: number;
  readonly runs: number;
}

interface Work {
  readonly profile: 'slowed' | 'as-it-is';
  readonly rounds: number;
  readonly seed: number;
}

/**
 * Measures what is missing.
 *
 * @yields all samples so far, after each round and each run
 * @throws if a process fails
 */
export async function* measureSamples(
  kept: GateSamples,
  wanted: Wanted,
  environment: Environment,
): AsyncGenerator<GateSamples, void> {
  const entry = await loadExperiment(join(import.meta.dirname, 'two-rows.ts'));
  const measure = (work: Work) => measureProcess(entry, environment, work);
  let samples = kept;
  while (samples.rounds.length < wanted.rounds) {
    const seed = 2 * samples.rounds.length;
    const work = { profile: 'slowed', rounds: 1 } as const;
    const round = [await measure({ ...work, seed }), await measure({ ...work, seed: seed + 1 })] as const;
    samples = { ...samples, rounds: [...samples.rounds, round] };
    yield samples;
  }
  while (samples.runs.length < wanted.runs) {
    const run = await measure({ profile: 'as-it-is', rounds: RUN_SAMPLES, seed: samples.runs.length });
    samples = { ...samples, runs: [...samples.runs, run] };
    yield samples;
  }
}

async function measureProcess(
  entry: CatalogEntry,
  environment: Environment,
  work: Work,
): Promise<MeasuredProcess> {
  const kinds = findTargetKinds([join(import.meta.dirname, '../../../server/latency')]);
  const [plan] = await planRun({ catalog: [entry], kinds, request: { names: [], ...work }, environment });
  const startMs = performance.now();
  /** The sample that runs, and since when. */
  let running: { readonly key: string; readonly sinceMs: number } | null = null;
  const tookMs = new Map<string, number[]>();
  const end = () => {
    if (running === null) return;
    const { key, sinceMs } = running;
    tookMs.set(key, [...(tookMs.get(key) ?? []), performance.now() - sinceMs]);
    running = null;
  };
  let record: RunRecord | undefined;
  for await (const event of conduct(plan!, { signal: new AbortController().signal })) {
    end();
    if (event.type === 'sample started') {
      const { warmUp, variant } = event.progress;
      running = { key: keyOf(warmUp, variant), sinceMs: performance.now() };
    }
    if (event.type === 'ended') record = event.record;
  }
  if (record?.status !== 'ok') throw new Error(record?.reason ?? 'A process ended too early.');
  return processOf(record, tookMs, performance.now() - startMs);
}

function keyOf(warmUp: boolean, variant: string): string {
  return `${warmUp ? 'warm-up of ' : ''}${variant}`;
}

function processOf(
  { variants, samples }: RunRecord,
  tookMs: ReadonlyMap<string, readonly number[]>,
  elapsedMs: number,
): MeasuredProcess {
  const ids = variants.map(({ id }) => id);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const warm = ids.flatMap((id) => {
    const took = tookMs.get(keyOf(true, id));
    return took === undefined ? [] : [[id, rounded(sum(took))] as const];
  });
  const timesOf = (index: number) =>
    samples
      .filter(({ variant, warmUp }) => variant === index && !warmUp)
      .toSorted((one, other) => one.round - other.round || (one.repeat ?? 1) - (other.repeat ?? 1))
      .map(({ wallMs }) => rounded(wallMs));
  return {
    startMs: rounded(elapsedMs - sum([...tookMs.values()].flat())),
    warmUpMs: Object.fromEntries(warm),
    timesMs: Object.fromEntries(ids.map((id, index) => [id, timesOf(index)])),
    sampleMs: Object.fromEntries(ids.map((id) => [id, tookMs.get(keyOf(false, id))!.map(rounded)])),
  };
}

/** To a microsecond. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
