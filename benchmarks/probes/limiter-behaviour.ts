import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Job, Limiter, RunJob } from '../../harness/model/job.ts';
import { heapHeld } from './heap.ts';

const HEAP_TASKS = 10_000;
const TASKS = 100;
const LIMIT = 10;
/** A limiter that starts no task for this long will not start one any more. */
const QUIET_MS = 20;

/**
 * The behaviour of a limiter besides limiting, tested with idle tasks: the heap of a queued task (`heapPerTaskBytes`); how
 * many of 90 queued tasks start after one of 100 has failed (`startedAfterFailure`), or after an abort
 * (`startedAfterAbort`); and whether its promise then never settles (`hangsAfterAbort`, 1 or 0).
 */
export async function behaviourOf(limiter: Limiter): Promise<Readonly<Record<string, number>>> {
  return {
    heapPerTaskBytes: await heapPerTaskBytes(limiter),
    startedAfterFailure: await startedAfterFailure(limiter),
    ...(await afterAbort(limiter)),
  };
}

/** Runs a job directly: the harness would stop the others when one fails. */
const run: RunJob = Object.assign((job: Job) => job.send(), { compute() {}, call() {} }) as RunJob;

async function heapPerTaskBytes(limiter: Limiter): Promise<number> {
  const { promise: opened, resolve: open } = Promise.withResolvers<string>();
  const jobs = Array.from({ length: HEAP_TASKS }, (_, id) => ({ id, send: () => opened }));
  const aborting = new AbortController();
  const strategy = limiter(1, aborting.signal);
  const { bytes, held } = await heapHeld(async () => {
    const all = strategy(jobs, run);
    await wait(QUIET_MS);
    return { all };
  });
  // In sequence, they would take half a minute with some limiters.
  aborting.abort();
  open('');
  await Promise.race([held.all.catch(() => {}), wait(QUIET_MS)]);
  return bytes / HEAP_TASKS;
}

/** Resolves when a count has not changed for a while. */
async function untilQuiet(count: () => number): Promise<void> {
  for (let before = -1; count() !== before; await wait(QUIET_MS)) before = count();
}

async function startedAfterFailure(limiter: Limiter): Promise<number> {
  let failed = false;
  let startedAfter = 0;
  const jobs = Array.from({ length: TASKS }, (_, id) => ({
    id,
    async send() {
      if (failed) startedAfter += 1;
      await turn();
      if (id > 0) return '';
      failed = true;
      throw new Error('A task that fails on purpose.');
    },
  }));
  await limiter(LIMIT)(jobs, run).catch(() => {});
  await untilQuiet(() => startedAfter);
  return startedAfter;
}

async function afterAbort(limiter: Limiter): Promise<Readonly<Record<string, number>>> {
  const aborting = new AbortController();
  let started = 0;
  let startedAfterAbort = 0;
  const jobs = Array.from({ length: TASKS }, (_, id) => ({
    id,
    async send() {
      started += 1;
      if (aborting.signal.aborted) startedAfterAbort += 1;
      await turn();
      if (id === 0) aborting.abort(new Error('Aborted on purpose.'));
      return '';
    },
  }));
  let hangsAfterAbort = 1;
  const ended = () => {
    hangsAfterAbort = 0;
  };
  limiter(LIMIT, aborting.signal)(jobs, run).then(ended, ended);
  await untilQuiet(() => started);
  return { startedAfterAbort, hangsAfterAbort };
}
