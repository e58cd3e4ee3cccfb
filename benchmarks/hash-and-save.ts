import { availableParallelism } from 'node:os';
import { plain } from '../harness/findings/general.ts';
import { judge } from '../harness/findings/judge.ts';
import { formatRatio } from '../harness/findings/numbers.ts';
import { boundText, speedText } from '../harness/findings/wording.ts';
import { defineExperiment, TIME_LIMIT_MS, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding, MeasuredRows } from '../harness/model/finding.ts';
import type { PeerVariant } from '../harness/model/peer.ts';
import type { Row } from '../harness/model/row.ts';
import { computeBoundMs, overlapBoundMs, serialBoundMs } from '../harness/statistics/bound.ts';
import { timesAsLong } from '../harness/statistics/speedup.ts';
import { saltText } from './clients/hash.ts';
import {
  type Hashing,
  openHashes,
  openHashesInThreads,
  openHashesToFile,
  openHashesToTarget,
} from './clients/hashes.ts';
import { batches } from './strategies/batches.ts';
import { interleaved } from './strategies/interleaved.ts';
import { promiseAll } from './strategies/promise-all.ts';
import { semaphore } from './strategies/semaphore.ts';
import { serial } from './strategies/serial.ts';

interface HashAndSaveWorkload extends Workload {
  readonly costs: readonly number[];
  /** The number of tasks at each cost. */
  readonly tasks: readonly number[];
  readonly delayMs: number;
  readonly atOnce: number;
}

/** A group that takes longer than this for one round runs once, without intervals, and in its main rows only. */
const LONG_MS = 150_000;
/** The time of a hash of cost 8 on a current processor; only for estimates before the first sample. */
const HASH_OF_COST_8_MS = 15;

export default defineExperiment<HashAndSaveWorkload>({
  title: 'Hash and save',
  question: 'How much of the waiting does CPU work hide, when each task computes and then saves its result?',
  brief: 'hidden?',
  profiles: {
    smoke: { rounds: 2, warmUpRounds: 0, costs: [4], tasks: [20], delayMs: 5, atOnce: 10 },
    quick: {
      rounds: 8,
      otherRounds: 6,
      repeats: { 'cost 6 interleaved': 2 },
      warmUpRounds: 0,
      costs: [6, 8],
      tasks: [12, 5],
      delayMs: 20,
      atOnce: 10,
    },
    book: {
      rounds: 6,
      warmUpRounds: 0,
      costs: [8, 10, 11, 12],
      tasks: [600, 400, 400, 400],
      delayMs: 100,
      atOnce: 100,
    },
  },
  variants(workload) {
    return workload.costs.flatMap((cost, index) =>
      variantsOfCost(workload, cost, workload.tasks[index] ?? 1),
    );
  },
  peers({ costs, tasks, delayMs, atOnce }) {
    // At the first cost only, since each of the others takes minutes.
    const [cost = 0, jobs = 1] = [costs[0], tasks[0]];
    const salts = Array.from({ length: jobs }, (_, job) => saltText(job, cost));
    const row = (strategy: string, nearest: string, given: Partial<PeerVariant> = {}): PeerVariant => ({
      id: ` ${strategy}`,
      group: `cost ${cost}`,
      nearest,
      parameters: { cost },
      jobs,
      limit: Math.min(atOnce, jobs),
      connections: { atMost: atOnce, opened: 0 },
      bound: overlapBoundMs,
      estimateMs: jobs * HASH_OF_COST_8_MS * 2 ** (cost - 8) + delayMs,
      timeLimitMs: TIME_LIMIT_MS + 3 * jobs * (HASH_OF_COST_8_MS * 2 ** (cost - 8) + delayMs),
      order: {
        workload: 'hash-and-save',
        strategy,
        delayMs,
        connections: Math.min(atOnce, jobs),
        batch: atOnce,
        salts,
      },
      ...given,
    });
    return [
      row('no-io', 'no-io', { bound: computeBoundMs, served: () => [] }),
      row('serial', 'serial', {
        bound: serialBoundMs,
        limit: 1,
        rounds: 1,
        estimateMs: jobs * (delayMs + 20),
      }),
      row('batches', `batches@${atOnce}`),
      row('interleaved', INTERLEAVED),
    ];
  },
  metrics: [{ name: 'computeMs', unit: 'ms', better: 'neither', heading: 'CPU work' }],
  // Each language computes the hashes with a different library.
  peersBy: 'efficiency',
  charts: [
    {
      kind: 'lines',
      view: 'slowdown',
      line: 'variant',
      x: { figure: 'taskComputeMs', title: 'CPU time of a task (ms)', scale: 'log' },
      left: { title: 'times as long as without I/O', scale: 'log' },
      series: [{ figure: 'medianMs', title: 'time', relativeTo: 'no-io' }],
    },
    { kind: 'timeline', view: 'timeline', groups: ['cost 4', 'cost 8'], says: besideNoIo },
  ],
  finding: ({ own }) => findingOfFirst(own),
});

function variantsOfCost({ delayMs, atOnce }: HashAndSaveWorkload, cost: number, jobs: number): Variant[] {
  const hashing: Hashing = { jobs, cost, delayMs, connections: Math.min(atOnce, jobs) };
  const computeMs = jobs * HASH_OF_COST_8_MS * 2 ** (cost - 8);
  const long = computeMs * 6 + jobs * delayMs > LONG_MS;
  const threads = availableParallelism();
  const variant = (
    id: string,
    given: Pick<Variant, 'strategy' | 'bound' | 'open'> & Partial<Variant>,
  ): Variant => ({
    id,
    group: `cost ${cost}`,
    // A control and an interval both need several rounds.
    ...(long ? { rounds: 1 } : { control: id === INTERLEAVED }),
    headline: id === INTERLEAVED,
    parameters: { cost },
    jobs,
    limit: hashing.connections,
    connections: { atMost: hashing.connections },
    estimateMs: computeMs + delayMs,
    // The time of the serial row; the others take less.
    timeLimitMs: TIME_LIMIT_MS + 3 * (computeMs + jobs * delayMs),
    ...given,
  });
  const alone = {
    strategy: serial,
    bound: computeBoundMs,
    served: () => [],
    connections: { used: 0, opened: 0 },
  };
  const toTarget: Variant['open'] = (target) => openHashesToTarget(target, hashing);
  const main: Variant[] = [
    variant('no-io', { ...alone, open: () => openHashes(hashing) }),
    variant('serial', {
      baseline: true,
      strategy: serial,
      bound: serialBoundMs,
      limit: 1,
      estimateMs: computeMs + jobs * delayMs,
      open: toTarget,
    }),
    variant(`batches@${atOnce}`, {
      strategy: batches(atOnce),
      bound: overlapBoundMs,
      estimateMs: computeMs + Math.ceil(jobs / atOnce) * delayMs,
      open: toTarget,
    }),
    variant(INTERLEAVED, { strategy: interleaved(atOnce), bound: overlapBoundMs, open: toTarget }),
  ];
  if (long) return main;
  return [
    ...main,
    variant('file-io', { ...alone, open: () => openHashesToFile(hashing) }),
    variant('no-yield', { strategy: promiseAll, bound: overlapBoundMs, open: toTarget }),
    variant(`threads@${threads}`, {
      strategy: semaphore(atOnce),
      // At best the threads share the CPU work evenly, and the last hash is saved after that.
      bound: (seen) => overlapBoundMs({ ...seen, computeMs: seen.computeMs / threads }),
      estimateMs: computeMs / 2 + delayMs,
      open: (target) => openHashesInThreads(target, hashing, threads),
    }),
  ];
}

const INTERLEAVED = 'interleaved';

/** The time of each way of saving relative to the CPU work alone, in the first of these groups. */
function besideNoIo({ own: rows }: MeasuredRows): string {
  const [first] = rows;
  const find = (start: string) =>
    rows.find(({ group, variant }) => group === first?.group && variant.startsWith(start));
  const [alone, serially, batched, own] = ['no-io', 'serial', 'batches@', INTERLEAVED].map(find);
  if (alone === undefined || serially === undefined || batched === undefined || own === undefined) return '';
  if (judge(own).verdict !== 'faster') return '';
  const times = (row: Row) => formatRatio(timesAsLong(row, alone).value);
  return (
    `Beside hashing alone (${alone.group}): saving in turn takes ${times(serially)}, in batches ${times(batched)}, ` +
    `interleaved ${times(own)} as long.`
  );
}

/** The finding of the cheapest hashes, which leave the most waiting to hide. */
function findingOfFirst(all: readonly Row[]): Finding | null {
  const rows = all.filter(({ group }) => group === all[0]?.group);
  const own = rows.find(({ variant }) => variant === INTERLEAVED);
  const batched = rows.find(({ variant }) => variant.startsWith('batches@'));
  if (own === undefined || batched === undefined) return null;
  const { verdict, ratio } = judge(own);
  if (verdict === 'unproven') return null;
  if (verdict !== 'faster')
    return plain(
      `Saving while hashing was not measurably faster than taking turns (${own.group}).`,
      'saving while hashing gained nothing measurable',
    );
  const times = formatRatio(ratio.value);
  return {
    headline: `Save while you hash: interleaved is ${times} as fast as one after the other (${own.group}).`,
    short: `saving while hashing is ${times} as fast as in turn`,
    details: [
      `${own.variant} is ${speedText(own)}, at ${boundText(own)}.`,
      `${batched.variant} is ${speedText(batched)}, at ${boundText(batched)}.`,
    ],
  };
}
