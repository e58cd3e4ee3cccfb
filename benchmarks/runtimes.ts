import { judgeRatio, rank } from '../harness/findings/judge.ts';
import { LONGEST } from '../harness/findings/longest.ts';
import { ratioWithInterval } from '../harness/findings/numbers.ts';
import { clipped, count, namesOf } from '../harness/findings/wording.ts';
import { defineExperiment, TIME_LIMIT_MS, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding, MeasuredRows } from '../harness/model/finding.ts';
import type { PeerVariant } from '../harness/model/peer.ts';
import type { Row } from '../harness/model/row.ts';
import { peerCrawl } from './clients/peer-crawl.ts';
import { openCrawl } from './clients/undici-crawl.ts';
import { semaphore } from './strategies/semaphore.ts';

interface RuntimesWorkload extends Workload {
  /** How many requests are in flight at once, for each group of rows. */
  readonly inFlight: readonly number[];
  /** How many times that many requests each group sends. */
  readonly waves: readonly number[];
}

/** With more answers due in a second, the target would be what is measured. */
const MOST_DUE_PER_SECOND = 10_000;
/** Enough requests for a compiler that works while the program runs. */
const WARM_REQUESTS = 5_000;
/** The time of a peer's start, for estimates. */
const START_MS = 300;
const OWN = 'own undici';

export default defineExperiment<RuntimesWorkload>({
  title: 'Runtimes',
  question: 'Which runtime hides most of the waiting, and at what cost of CPU time and memory?',
  brief: 'which one?',
  onlyWhenNamed: true,
  profiles: {
    smoke: { rounds: 2, warmUpRounds: 0, inFlight: [10, 50], waves: [4, 2] },
    quick: { rounds: 6, warmUpRounds: 0, inFlight: [100, 1000], waves: [20, 3] },
    book: { rounds: 8, warmUpRounds: 0, inFlight: [100, 1000, 5000], waves: [50, 10, 3] },
  },
  variants: (workload) => groupsOf(workload).map(ownRow),
  peers: (workload) => groupsOf(workload).map(peerRow),
  metrics: [
    { name: 'cpuPerJobMs', unit: 'ms', better: 'lower', heading: 'CPU a request' },
    { name: 'peakMemoryBytes', unit: 'bytes', better: 'lower', heading: 'memory' },
    { name: 'startMs', unit: 'ms', better: 'lower', heading: 'start' },
  ],
  peersBy: 'efficiency',
  charts: [
    {
      kind: 'lines',
      view: 'efficiency',
      says: ({ own, peers }) => rankedAt(own.at(-1)?.group ?? '', [...own, ...peers]),
      // A point for each row, with its name.
      line: 'group',
      x: { figure: 'cpuPerJobMs', title: 'CPU time of a request (ms)', scale: 'log' },
      left: { title: 'efficiency: bound / time', scale: 'linear' },
      series: [{ figure: 'efficiency', title: 'efficiency' }],
      bound: false,
    },
  ],
  finding: findingOf,
});

interface Group {
  readonly inFlight: number;
  readonly jobs: number;
  readonly delayMs: number;
}

function groupsOf({ inFlight, waves }: RuntimesWorkload): Group[] {
  return inFlight.map((most, index) => ({
    inFlight: most,
    jobs: most * (waves[index] ?? 1),
    delayMs: Math.ceil((most * 1000) / MOST_DUE_PER_SECOND),
  }));
}

function groupOf(inFlight: number): string {
  return `${inFlight} in flight`;
}

/** Our own row, in the process that measures: what the others are compared with. */
function ownRow({ inFlight, jobs, delayMs }: Group): Variant {
  return {
    id: OWN,
    group: groupOf(inFlight),
    baseline: true,
    headline: true,
    parameters: { inFlight, delayMs },
    strategy: semaphore(inFlight),
    jobs,
    limit: inFlight,
    connections: { used: inFlight, opened: 0 },
    estimateMs: (jobs / inFlight) * (delayMs + 1),
    timeLimitMs: TIME_LIMIT_MS + (3 * jobs * delayMs) / inFlight,
    open: (target) => openCrawl(target, { requests: jobs, delayMs, connections: inFlight }),
  };
}

/** Every sample has a process of its own, so that memory and start are those of this row. */
function peerRow({ inFlight, jobs, delayMs }: Group): PeerVariant {
  const crawl = peerCrawl({ requests: jobs, delayMs, limit: inFlight, strategy: 'semaphore' });
  const freshAfter = Math.min(WARM_REQUESTS, jobs);
  return {
    id: '',
    group: groupOf(inFlight),
    nearest: OWN,
    parameters: { inFlight, delayMs },
    ...crawl,
    estimateMs: START_MS + crawl.estimateMs * (1 + freshAfter / jobs),
    freshAfter,
  };
}

/** Which rows of a group are fastest, as far as that is proven. */
function rankedAt(group: string, rows: readonly Row[]): string {
  const ranking = rank(rows.filter((row) => row.group === group));
  if (ranking === null) return '';
  const [first, ...tied] = ranking.fastest;
  if (tied.length === 0) return `At ${group}, ${first.variant} is the fastest.`;
  return `At ${group}, ${first.variant} is tied with ${namesOf(tied, 2)} as the fastest.`;
}

/** Who is fastest at the most in flight, and for each group where Node's own row loses. */
function findingOf({ own, peers }: MeasuredRows): Finding | null {
  const last = own.at(-1);
  if (last === undefined) return null;
  const ranking = rank([...own, ...peers].filter(({ group }) => group === last.group));
  if (ranking === null) return null;
  const [first, ...tied] = ranking.fastest;
  const among = tied.length === 0 ? 'is the fastest' : 'is tied as the fastest';
  return {
    headline: clipped(rankedAt(last.group, [...own, ...peers]), LONGEST.headline),
    short: clipped(`${first.variant} ${among} (${last.group})`, LONGEST.short),
    details: own.map((row) => lossesOf(row, peers)),
  };
}

/** Where Overlap's own row in Node loses, with intervals. */
function lossesOf(row: Row, peers: readonly Row[]): string {
  const beside = peers.filter(({ group }) => group === row.group);
  const faster = beside.filter(({ nearest }) => judgeRatio(nearest!.speedup).verdict === 'slower');
  if (faster.length === 0)
    return `At ${row.group}, no other runtime is proven to be faster than Node with ${row.variant}.`;
  const [first] = faster.toSorted((one, other) => one.nearest!.speedup.value - other.nearest!.speedup.value);
  return (
    `At ${row.group}, Node with ${row.variant} is slower than ${count(faster.length, 'other row')}; ` +
    `beside ${first!.variant} its speed is ${ratioWithInterval(first!.nearest!.speedup)}.`
  );
}
