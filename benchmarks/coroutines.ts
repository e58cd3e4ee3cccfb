import { plain } from '../harness/findings/general.ts';
import { judgeBeside } from '../harness/findings/judge.ts';
import { metricText } from '../harness/findings/metrics.ts';
import { speedText } from '../harness/findings/wording.ts';
import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { Batch, ComputeSpan } from '../harness/model/job.ts';
import type { Metric, Row } from '../harness/model/row.ts';
import type { Bound, SampleTarget } from '../harness/model/target.ts';
import { serialBoundMs } from '../harness/statistics/bound.ts';
import { openBlockingThreads } from './clients/blocking.ts';
import { fetchText, jobPath, openPool } from './clients/exchange.ts';
import { computeInSlices, stepsFor } from './compute/cpu.ts';
import { promiseAll } from './strategies/promise-all.ts';
import { serial } from './strategies/serial.ts';

interface CoroutinesWorkload extends Workload {
  /** The number of tasks that only wait, the waits of each, and the time of each wait. */
  readonly tasks: number;
  readonly waits: number;
  readonly delayMs: number;
  /** The CPU time of the one other task, and the time between its yields. */
  readonly computeMs: number;
  readonly sliceMs: number;
}

const BLOCKING = 'one blocks';
const YIELDING = 'one yields';

const OTHERS_DONE: Metric = {
  name: 'othersDoneMs',
  unit: 'ms',
  better: 'lower',
  heading: 'the others done after',
};
const THREAD_MEMORY: Metric = {
  name: 'memoryPerThreadBytes',
  unit: 'bytes',
  better: 'lower',
  heading: 'memory of a thread',
};

export default defineExperiment<CoroutinesWorkload>({
  title: 'Coroutines',
  question: 'What does one task that never awaits do to all the others?',
  brief: 'who waits?',
  profiles: {
    smoke: { rounds: 2, warmUpRounds: 0, tasks: 3, waits: 2, delayMs: 5, computeMs: 30, sliceMs: 2 },
    quick: {
      rounds: 7,
      otherRounds: 6,
      warmUpRounds: 0,
      tasks: 10,
      waits: 3,
      delayMs: 8,
      computeMs: 80,
      sliceMs: 2,
    },
    book: { rounds: 10, warmUpRounds: 1, tasks: 10, waits: 5, delayMs: 50, computeMs: 500, sliceMs: 5 },
  },
  variants(workload) {
    const { tasks, waits, delayMs, computeMs, sliceMs } = workload;
    const waitMs = waits * delayMs;
    /** Each task waits several times in sequence, while the waits of all tasks overlap the CPU work. */
    const togetherBoundMs: Bound = ({ computeMs, holds }) => Math.max(computeMs, waits * holds.shortestMs);
    const variant = (id: string, given: Pick<Variant, 'open'> & Partial<Variant>): Variant => ({
      id,
      strategy: promiseAll,
      bound: togetherBoundMs,
      jobs: tasks + 1,
      limit: tasks,
      connections: { used: tasks, opened: 0 },
      served: () => Array.from({ length: tasks * waits }, (_, job) => job),
      estimateMs: computeMs + waitMs,
      ...given,
    });
    return [
      variant('one by one', {
        baseline: true,
        strategy: serial,
        bound: serialBoundMs,
        limit: 1,
        connections: { used: 1, opened: 0 },
        estimateMs: computeMs + tasks * waitMs,
        open: (target) => openTasks(target, { ...workload, connections: 1, sliceMs: computeMs }),
      }),
      variant(BLOCKING, {
        open: (target) => openTasks(target, { ...workload, connections: tasks, sliceMs: computeMs }),
      }),
      variant(YIELDING, {
        control: true,
        headline: true,
        open: (target) => openTasks(target, { ...workload, connections: tasks, sliceMs }),
      }),
      variant(`threads@${tasks + 1}`, {
        // Threads send when they get a processor, so an early answer may free its connection for a late thread.
        connections: { atMost: tasks, opened: 0 },
        open: (target) => openTasksInThreads(target, workload),
      }),
    ];
  },
  metrics: [OTHERS_DONE, THREAD_MEMORY],
  charts: [
    { kind: 'timeline', view: 'timeline' },
    { kind: 'speedup', view: 'speedup' },
  ],
  finding: ({ own }) => findingOf(own),
});

interface Tasks {
  readonly tasks: number;
  readonly waits: number;
  readonly delayMs: number;
  readonly computeMs: number;
}

/** The paths of a task's requests, with ids that continue from task to task. */
function pathsOf(target: SampleTarget, { waits, delayMs }: Tasks, task: number): string[] {
  return Array.from({ length: waits }, (_, wait) => jobPath(target, delayMs, task * waits + wait));
}

/** The jobs: the last one computes, all others wait. The clock starts with the first job. */
function createJobs(
  tasks: number,
  wait: (task: number) => Promise<string>,
  compute: () => Promise<void>,
): { jobs: Batch['jobs']; othersDoneMs: () => number } {
  let startMs: number | undefined;
  let doneMs = 0;
  const timed = async (task: number) => {
    startMs ??= performance.now();
    const text = await wait(task);
    doneMs = performance.now();
    return text;
  };
  return {
    jobs: [
      ...Array.from({ length: tasks }, (_, id) => ({ id, send: () => timed(id) })),
      {
        id: tasks,
        async send() {
          await compute();
          return 'computed';
        },
      },
    ],
    othersDoneMs: () => doneMs - (startMs ?? doneMs),
  };
}

async function openTasks(
  target: SampleTarget,
  given: Tasks & { readonly connections: number; readonly sliceMs: number },
): Promise<Batch> {
  const { tasks, waits, computeMs, connections, sliceMs } = given;
  const pool = await openPool(target, connections);
  stepsFor(1);
  let spans: ComputeSpan[] = [];
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const wait = async (task: number) => {
    let text = '';
    for (const path of pathsOf(target, given, task)) text += await fetchText(pool, { path });
    return text;
  };
  const compute = async () => {
    spans = await computeInSlices(tasks * waits, computeMs, sliceMs, turn);
  };
  const { jobs, othersDoneMs } = createJobs(tasks, wait, compute);
  return {
    jobs,
    computeSpans: () => spans,
    metrics: () => ({ othersDoneMs: othersDoneMs() }),
    cancel: (reason) => void pool.destroy(reason).catch(() => {}),
    close: () => pool.destroy(),
  };
}

/** Runs each task in a separate thread, in synchronous code. */
async function openTasksInThreads(target: SampleTarget, given: Tasks): Promise<Batch> {
  const { tasks, waits, computeMs } = given;
  const pool = await openPool(target, tasks);
  const steps = stepsFor(computeMs);
  const threads = await openBlockingThreads(tasks + 1, (path) => fetchText(pool, { path }));
  const { computeSpans, memoryPerThreadBytes } = threads;
  const wait = (job: number) => threads.run({ job, paths: pathsOf(target, given, job), steps: 0 });
  const compute = async () => void (await threads.run({ job: tasks * waits, paths: [], steps }));
  const { jobs, othersDoneMs } = createJobs(tasks, wait, compute);
  return {
    jobs,
    computeSpans: () => computeSpans,
    metrics: () => ({ othersDoneMs: othersDoneMs(), memoryPerThreadBytes }),
    cancel: (reason) => void pool.destroy(reason).catch(() => {}),
    close: async () => void (await Promise.all([pool.destroy(), threads.close()])),
  };
}

/** The effect of a task that never awaits on the others. */
function findingOf(rows: readonly Row[]): Finding | null {
  const find = (start: string) => rows.find(({ variant }) => variant.startsWith(start));
  const [blocking, yielding, threads] = [find(BLOCKING), find(YIELDING), find('threads@')];
  if (blocking === undefined || yielding === undefined) return null;
  const { verdict } = judgeBeside(blocking, yielding);
  if (verdict === 'unproven') return null;
  if (verdict !== 'slower')
    return plain(
      'A task that never awaits did not measurably hold up the others.',
      'a task that never awaits held up no others',
    );
  const done = (row: Row) => metricText(row, OTHERS_DONE);
  return {
    headline: `One task that never awaits holds up all others: they finish after ${done(blocking)} instead of ${done(yielding)}.`,
    short: `never awaiting delays others: ${done(blocking)}, not ${done(yielding)}`,
    details: [
      `Beside one task after the other, blocking is ${speedText(blocking)}. Yielding is ${speedText(yielding)}.`,
      ...(threads === undefined
        ? []
        : [
            `With threads the others finish after ${done(threads)}; each takes ${metricText(threads, THREAD_MEMORY)} of memory.`,
          ]),
      'Let CPU work yield, or move it to a thread.',
    ],
  };
}
