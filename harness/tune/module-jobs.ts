/** Jobs of a user's module: its default export is called with a job. */
import { importProjectModule } from '../project-module.ts';
import {
  failureOf,
  type JobSource,
  type Outcome,
  reasonOf,
  type Work,
  WorkError,
  whyUnreachable,
} from './job-source.ts';
import type { Traffic } from './traffic.ts';

type ModuleWork = Extract<Work, { kind: 'module' }>;

/** What `classify` may say of the result or the error of a job. */
const KINDS = ['ok', 'failed', 'refused'] as const;
type Kind = (typeof KINDS)[number];

/** The exports of a module. */
interface UserModule {
  readonly default: (job: unknown, options: { signal: AbortSignal }) => unknown;
  readonly jobs?: Iterable<unknown> | (() => Iterable<unknown> | Promise<Iterable<unknown>>);
  readonly setup?: () => unknown;
  readonly teardown?: () => unknown;
  readonly classify?: (outcome: unknown) => Kind | undefined;
}

const EXAMPLE = 'export default async (job, { signal }) => …';

/**
 * Imports a module, sets it up and runs one job.
 *
 * @param limitMs of that job
 * @param trying is called when it starts
 * @throws WorkError if it cannot be imported, lacks a default export, or its job fails, never ends or ends too early
 */
export async function openModuleJobs(
  work: ModuleWork,
  traffic: Traffic,
  limitMs: number,
  trying: () => void,
): Promise<JobSource & { readonly requestsOfJob: number }> {
  const { name } = work;
  const module = await importWork(work);
  const nextJob = await jobsOf(module, name);
  await calling(`The setup of ${name}`, async () => module.setup?.());
  const teardown = async () => {
    await module.teardown?.();
  };
  trying();
  try {
    const requestsOfJob = await tryOnce(module, { name, traffic, limitMs, job: nextJob() });
    return {
      requestsOfJob,
      close: teardown,
      warm: async () => ({ kind: 'ok' }),
      run: (_slot, signal) => runJob(module, nextJob(), signal),
    };
  } catch (error) {
    await teardown().catch(() => {});
    throw error;
  }
}

async function importWork({ file, name }: ModuleWork): Promise<UserModule> {
  const module = await calling(`${name} cannot be imported; it`, () => importProjectModule(file));
  if (typeof module.default !== 'function')
    throw new WorkError(`${name} has no default export that is a function; write ${EXAMPLE}`);
  return module as unknown as UserModule;
}

/** Takes the jobs in turn, from the first again after the last; without `jobs` they are numbers from 0. */
async function jobsOf({ jobs }: UserModule, name: string): Promise<() => unknown> {
  let next = 0;
  if (jobs === undefined) return () => next++;
  const given = await calling(`The jobs of ${name}`, async () =>
    typeof jobs === 'function' ? jobs() : jobs,
  );
  const list = typeof given === 'object' && given !== null && Symbol.iterator in given ? [...given] : [];
  if (list.length === 0) throw new WorkError(`The jobs of ${name} must be a list with at least one job.`);
  return () => list[next++ % list.length];
}

/** The first job, which must succeed; returns how many HTTP requests it sent. */
async function tryOnce(
  module: UserModule,
  { name, traffic, limitMs, job }: { name: string; traffic: Traffic; limitMs: number; job: unknown },
): Promise<number> {
  const signal = AbortSignal.timeout(limitMs);
  const tooLong = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () =>
      reject(
        new WorkError(`A job of ${name} did not end within ${limitMs / 1000} s; --job-limit allows more.`),
      ),
    ),
  );
  traffic.reset();
  const { result: outcome, unanswered } = await Promise.race([
    traffic.watch(() => runJob(module, job, signal)),
    tooLong,
  ]);
  if (unanswered > 0)
    throw new WorkError(
      `A job of ${name} resolves before its request is answered; await the request, or return its promise.`,
    );
  if (outcome.kind !== 'ok') throw new WorkError(`A job of ${name} fails: ${outcome.why}.`);
  return Math.max(1, traffic.read().requests);
}

async function runJob(module: UserModule, job: unknown, signal: AbortSignal): Promise<Outcome> {
  try {
    const result = await module.default(job, { signal });
    return judged(module, result) ?? { kind: 'ok' };
  } catch (error) {
    return judged(module, error) ?? failureOf(error);
  }
}

/** What the module itself says of a result or an error; undefined if it says nothing. */
function judged({ classify }: UserModule, value: unknown): Outcome | undefined {
  const kind = classify?.(value);
  if (kind === undefined || kind === null) return undefined;
  if (kind === 'ok') return { kind };
  const why = value instanceof Error ? reasonOf(value) : 'classify says that it failed';
  if (kind === 'refused') return { kind, why, refusal: { what: why, byRate: false, waitMs: 0 } };
  if (kind === 'failed') return { kind, why };
  throw new WorkError(`classify must return one of ${KINDS.join(', ')}, or undefined, not ${String(kind)}.`);
}

/** Calls code of the user; an error becomes one sentence. */
async function calling<Result>(what: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw new WorkError(whyUnreachable(error, what) ?? `${what} throws: ${reasonOf(error)}.`);
  }
}
