/** Histories that are made up from noise as it was measured, so that it is known what changed in them. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { mean, median } from 'simple-statistics';
import type { HistoryRun } from '../../harness/history/run-schema.ts';
import type { GateSamples } from '../gate/others/gate-samples.ts';

/** The size of a history. */
export const COMMITS = 60;
export const ROWS = 20;

/** What happens to one row of a history. */
export interface Story {
  /** The change of the logarithm of its speedup at a commit, from 0. */
  readonly effect: (commit: number) => number;
  /** Whether each run is on one of two machines, by chance, one of which has speedups lower by 10 %. */
  readonly twoMachines: boolean;
}

/** How runs of a row follow each other: as if hours apart, or one right after another as they were measured. */
export type Following = 'apart' | 'in a row';

/**
 * The deviations of the measured runs of each row, on logarithms: a run's figure is the median of its times.
 *
 * @param samples those of the study of other gates
 */
export function noiseOf({ runs }: Pick<GateSamples, 'runs'>): number[][] {
  return Object.keys(runs[0]!.timesMs).map((row) => {
    const logs = runs.map(({ timesMs }) => Math.log(median([...timesMs[row]!])));
    const centre = mean(logs);
    return logs.map((log) => log - centre);
  });
}

/** Draws from measured deviations: single ones, or stretches of ten that followed each other. */
const STRETCH: Readonly<Record<Following, number>> = { apart: 1, 'in a row': 10 };

/**
 * The runs of a history. Rows take turns in the noise of the measured rows. One row has the story, the
 * others stay as they are.
 *
 * @param changed the number of the row that has the story, or null
 * @param seed a whole number; the same seed gives the same history
 */
export function madeUpHistory(
  noise: readonly (readonly number[])[],
  { effect, twoMachines }: Story,
  {
    changed,
    following,
    seed,
  }: { readonly changed: number | null; readonly following: Following; readonly seed: number },
): HistoryRun[] {
  const random = xoroshiro128plus(seed);
  const draw = (below: number) => uniformInt(random, 0, below - 1);
  const rows = Array.from({ length: ROWS }, (_, row) =>
    noiseFor(noise[row % noise.length]!, STRETCH[following], draw),
  );
  return Array.from({ length: COMMITS }, (_, commit) => {
    const slow = twoMachines && draw(2) === 1;
    const logs = rows.map(
      (row, index) => row[commit]! + (index === changed ? effect(commit) : 0) + (slow ? Math.log(0.9) : 0),
    );
    return madeUpRun(commit, logs, slow ? 'slow' : 'fast');
  });
}

function noiseFor(measured: readonly number[], stretch: number, draw: (below: number) => number): number[] {
  const drawn: number[] = [];
  while (drawn.length < COMMITS) {
    const from = draw(measured.length);
    for (let step = 0; step < stretch; step++) drawn.push(measured[(from + step) % measured.length]!);
  }
  return drawn;
}

/** @param logs of the speedups */
function madeUpRun(commit: number, logs: readonly number[], processor: string): HistoryRun {
  const date = new Date(Date.UTC(2026, 0, 1 + commit)).toISOString();
  const exactly = (value: number) => ({ value, low: null, high: null });
  return {
    historyVersion: 1,
    id: commit.toString(16).padStart(12, '0'),
    commit: { id: commit.toString(16).padStart(40, '0'), date, dirty: false },
    measuredAt: date,
    machine: { processor, cores: 2, system: 'linux x64' },
    node: '24.21.0',
    profile: 'quick',
    trusted: true,
    rows: logs.map((log, row) => ({
      experiment: 'crawl',
      group: '',
      variant: `row ${row}`,
      baseline: false,
      headline: false,
      work: '000000000000',
      rounds: 10,
      speedup: exactly(10 * Math.exp(log)),
      efficiency: null,
      timeMs: exactly(100 * Math.exp(-log)),
      baselineTimeMs: exactly(1000),
    })),
  };
}
