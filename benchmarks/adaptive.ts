import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import { METRICS, openChangingWork, restMsOf } from './clients/adaptive/batch.ts';
import { findingOf } from './clients/adaptive/finding.ts';
import {
  CLAIRVOYANT,
  clairvoyantRow,
  fixedRow,
  type LimitRow,
  OURS,
  oursRow,
  PUBLISHED,
  scaledRows,
} from './clients/adaptive/rows.ts';
import { type ChangingTarget, SCHEDULES } from './clients/adaptive/schedules.ts';
import { untilServed } from './strategies/adaptive/until-served.ts';

interface AdaptiveWorkload extends Workload {
  /** The names of schedules. */
  readonly schedules: readonly string[];
  readonly totalMs: number;
  readonly delayMs: number;
  readonly fixedLimits: readonly number[];
  /** Which of the other rows there are: all, or those of the quick profile. */
  readonly rows: string;
}

/** The rows of the quick profile besides fixed limits. */
const QUICK_ROWS = [OURS, 'AIMD-scaled', 'Vegas-scaled', 'Gradient2-scaled'];
/** A slow row may take this many times the time of its schedule. */
const MOST_TIMES = 20;

export default defineExperiment<AdaptiveWorkload>({
  title: 'Adaptive limits',
  question: 'What is a limit that adapts worth, where the target changes?',
  brief: 'worth it?',
  onlyWhenNamed: true,
  profiles: {
    smoke: {
      ...{
        rounds: 1,
        warmUpRounds: 0,
        schedules: Object.keys(SCHEDULES).slice(0, 2),
        totalMs: 120,
        delayMs: 5,
      },
      ...{ fixedLimits: [50], rows: 'quick' },
    },
    quick: {
      ...{
        rounds: 6,
        warmUpRounds: 0,
        schedules: ['capacity', 'rate'],
        totalMs: 1000,
        delayMs: 20,
      },
      ...{ fixedLimits: [50], rows: 'quick' },
    },
    book: {
      ...{ rounds: 12, warmUpRounds: 1, schedules: Object.keys(SCHEDULES), totalMs: 6000, delayMs: 40 },
      ...{ fixedLimits: [15, 25, 35, 50, 65, 100], rows: 'all' },
    },
  },
  targets: (workload) =>
    Object.fromEntries(workload.schedules.map((name) => [name, targetOf(name, workload).options] as const)),
  variants: (workload) => workload.schedules.flatMap((name) => rowsUnder(name, workload)),
  metrics: METRICS,
  charts: [
    { kind: 'speedup', view: 'served', says: ({ own }) => findingOf(own)?.headline ?? '' },
    {
      ...{ kind: 'bars', view: 'refused', x: { title: 'share of requests refused', scale: 'linear' } },
      series: [{ figure: 'refusedShare', title: 'refused' }],
      says: ({ own }) => (own.length === 0 ? '' : 'What each limit is refused, of all that it sends.'),
    },
  ],
  finding: ({ own }) => findingOf(own),
});

function targetOf(name: string, { totalMs, delayMs }: AdaptiveWorkload): ChangingTarget {
  const make = SCHEDULES[name];
  if (make === undefined) throw new Error(`There is no schedule "${name}".`);
  return make({ totalMs, delayMs });
}

function rowsUnder(name: string, workload: AdaptiveWorkload): Variant[] {
  const { totalMs, delayMs, fixedLimits, rows } = workload;
  const target = targetOf(name, workload);
  const variant = ({ id, most, make }: LimitRow): Variant => ({
    id,
    group: name,
    target: name,
    ...{ baseline: id === CLAIRVOYANT, headline: id === OURS },
    parameters: { mostInFlight: most },
    strategy: untilServed(make, (result) => restMsOf(result) !== null),
    ...{ jobs: target.jobs, limit: most, connections: { atMost: most }, bound: target.bound },
    estimateMs: totalMs * 1.2,
    timeLimitMs: Math.max(60_000, totalMs * MOST_TIMES),
    open: (address) => openChangingWork(address, { target, delayMs, connections: most }),
  });
  const adaptive = [...PUBLISHED, ...scaledRows(delayMs), oursRow];
  const chosen = rows === 'all' ? adaptive : adaptive.filter(({ id }) => QUICK_ROWS.includes(id));
  return [clairvoyantRow(target), ...fixedLimits.map(fixedRow), ...chosen].map(variant);
}
