import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import type { Batch, ComputeSpan } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';
import { fetchText, jobPath, openPool } from './exchange.ts';
import { type HashDone, hashOf } from './hash.ts';
import { Kept } from './kept.ts';

/** The parameters of a batch of hashes. */
export interface Hashing {
  readonly jobs: number;
  /** bcrypt's cost: each increment doubles the work. */
  readonly cost: number;
  /** How long the target holds a hash before it answers, in ms. */
  readonly delayMs: number;
  readonly connections: number;
}

/** Jobs that only hash. */
export async function openHashes({ jobs, cost }: Hashing): Promise<Batch> {
  const hashes: string[] = [];
  return {
    jobs: jobsOf(jobs, (job) => ({
      compute() {
        hashes[job] = hashOf({ job, cost });
      },
      send: async () => hashes[job]!,
    })),
    cancel() {},
    async close() {},
  };
}

/** Jobs that hash and append the hash to a temporary file. */
export async function openHashesToFile({ jobs, cost }: Hashing): Promise<Batch> {
  const folder = mkdtempSync(join(tmpdir(), 'overlap-hashes-'));
  const file = openSync(join(folder, 'hashes'), 'w');
  // A deleted open file disappears when the process ends in any way. Windows does not support that.
  const nameless = process.platform !== 'win32';
  if (nameless) rmSync(folder, { recursive: true });
  const hashes: string[] = [];
  return {
    jobs: jobsOf(jobs, (job) => ({
      compute() {
        hashes[job] = hashOf({ job, cost });
        writeSync(file, `${hashes[job]}\n`);
      },
      send: async () => hashes[job]!,
    })),
    cancel() {},
    async close() {
      closeSync(file);
      if (!nameless) rmSync(folder, { recursive: true });
    },
  };
}

/** Jobs that hash, and then send the hash to the target. */
export async function openHashesToTarget(target: SampleTarget, hashing: Hashing): Promise<Batch> {
  const { jobs, cost } = hashing;
  const { pool, save } = await openSaving(target, hashing);
  const hashes: string[] = [];
  return {
    jobs: jobsOf(jobs, (job) => ({
      compute() {
        hashes[job] = hashOf({ job, cost });
      },
      send: () => save(job, hashes[job]!),
    })),
    cancel: (reason) => void pool.destroy(reason).catch(() => {}),
    close: () => pool.destroy(),
  };
}

/** As {@link openHashesToTarget}, but worker threads compute the hashes; they have started before it returns. */
export async function openHashesInThreads(
  target: SampleTarget,
  hashing: Hashing,
  threads: number,
): Promise<Batch> {
  const { jobs, cost } = hashing;
  const { pool, save } = await openSaving(target, hashing);
  const workers = await keptWorkers.take(threads, () => startWorkers(threads));
  const spans: ComputeSpan[] = [];
  return {
    jobs: jobsOf(jobs, (job) => ({
      async send() {
        const { hash, fromMs, toMs }: HashDone = await workers.run({ job, cost });
        spans.push({ job, fromMs: fromMs - performance.timeOrigin, toMs: toMs - performance.timeOrigin });
        return save(job, hash);
      },
    })),
    computeSpans: () => spans,
    cancel: (reason) => void pool.destroy(reason).catch(() => {}),
    async close() {
      await pool.destroy();
      if (spans.length < jobs) await workers.destroy();
      else keptWorkers.giveBack(threads, workers);
    },
  };
}

const keptWorkers = new Kept<Piscina>();

/** Starts threads, each of which has hashed once. */
async function startWorkers(threads: number): Promise<Piscina> {
  const workers = new Piscina({
    filename: join(import.meta.dirname, 'hash-thread.ts'),
    minThreads: threads,
    maxThreads: threads,
  });
  await Promise.all(Array.from({ length: threads }, () => workers.run({ job: 0, cost: 4 })));
  return workers;
}

function jobsOf(jobs: number, job: (id: number) => Omit<Batch['jobs'][number], 'id'>): Batch['jobs'] {
  return Array.from({ length: jobs }, (_, id) => ({ id, ...job(id) }));
}

/** Opens the connections; saving a hash returns it once the target has confirmed its number of bytes. */
async function openSaving(target: SampleTarget, { delayMs, connections }: Hashing) {
  const pool = await openPool(target, connections);
  const save = async (job: number, hash: string): Promise<string> => {
    const answer = await fetchText(pool, { path: jobPath(target, delayMs, job), body: hash });
    const { sizeBytes } = JSON.parse(answer);
    if (sizeBytes !== hash.length) throw new Error(`The target got ${sizeBytes} of ${hash.length} bytes.`);
    return hash;
  };
  return { pool, save };
}
