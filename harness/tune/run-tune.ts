/** Drives a search: asks the load process for steps until the search, the budget or the user ends it. */
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { ArrivalsMeasured } from './arrivals.ts';
import type { Budget } from './budget.ts';
import type { JobSample } from './closed-loop.ts';
import { type Work, WorkError } from './job-source.ts';
import { searchLimit } from './limit-search.ts';
import { type LoadProcess, startLoad } from './load-process.ts';
import type { Step, StepFigures, StepRequest } from './steps.ts';

export interface TuneRequest {
  readonly work: Work;
  readonly budget: Budget;
  readonly seed: number;
  /** The time limit of one job. */
  readonly jobLimitMs: number;
  /** Offers arrivals afterwards, in an open loop. */
  readonly arrivals: boolean;
  /** Called once the first job shows which other machines it reaches: the budget then, or a refusal by throwing. */
  allow(elsewhere: readonly string[]): Budget;
  /** Called before each step. */
  show(step: StepRequest, leftMs: number): void;
  readonly signal: AbortSignal;
}

/** A step with its jobs. */
export interface RecordedStep extends Step {
  /** When it began, since the start of the search. */
  readonly atMs: number;
  readonly samples: readonly JobSample[];
}

/** Why a search ended. */
export type Ending = 'found' | 'requests' | 'seconds' | 'interrupted';

export interface TuneRun {
  readonly steps: readonly RecordedStep[];
  readonly arrivals: readonly ArrivalsMeasured[];
  readonly budget: Budget;
  readonly ending: Ending;
  readonly requests: number;
  readonly seconds: number;
  /** The requests of one job. */
  readonly requestsOfJob: number;
}

/** The loads of the arrivals, as shares of the throughput found. */
const OFFERED = [0.8, 1];
/** Arrivals are offered for about this long. */
const ARRIVAL_SECONDS = 10;
/** A step that may take less than this is not begun. */
const LEAST_STEP_MS = 50;
/** What a step takes besides its jobs. */
const STEP_MS = 60;

/**
 * Runs a search.
 *
 * @throws WorkError, one sentence, if the work cannot be used; what `allow` throws
 */
export async function runTune(request: TuneRequest): Promise<TuneRun> {
  const { work, jobLimitMs, signal } = request;
  const zeroMs = performance.now();
  const load = await startLoad(work, Math.min(jobLimitMs, request.budget.seconds * 1000), signal);
  try {
    return await drive(request, load, zeroMs);
  } finally {
    await load.end();
  }
}

async function drive(request: TuneRequest, load: LoadProcess, zeroMs: number): Promise<TuneRun> {
  const { requestsOfJob, elsewhere } = load.opened;
  const budget = request.allow(elsewhere);
  const counts = { requests: requestsOfJob };
  const steps: RecordedStep[] = [];
  const arrivals: ArrivalsMeasured[] = [];
  const elapsedMs = () => performance.now() - zeroMs;
  const end = (ending: Ending): TuneRun => ({
    steps,
    arrivals,
    budget,
    ending,
    requestsOfJob,
    requests: counts.requests,
    seconds: elapsedMs() / 1000,
  });
  const limits = () => ({
    timeLimitMs: budget.seconds * 1000 - elapsedMs(),
    requestsLeft: budget.requests - counts.requests,
    jobLimitMs: request.jobLimitMs,
  });
  const search = searchLimit({ most: budget.most, seed: request.seed });
  try {
    for (let next = search.next(); !next.done; ) {
      const step = next.value;
      const { timeLimitMs, requestsLeft } = limits();
      if (requestsLeft < step.jobs * requestsOfJob) return end('requests');
      if (timeLimitMs < Math.max(LEAST_STEP_MS, estimateMs(steps, step))) return end('seconds');
      request.show(step, timeLimitMs);
      const atMs = elapsedMs();
      const options = { limit: step.limit, jobs: step.jobs, rampMs: rampOf(steps, step.limit), ...limits() };
      const { figures, samples } = await load.step(options);
      counts.requests += Math.max(figures.requests, figures.jobs);
      steps.push({ ...step, figures, atMs, samples });
      if (figures.cut) return end(limits().timeLimitMs <= 0 ? 'seconds' : 'requests');
      if (!(await obeyed(figures, limits().timeLimitMs, request.signal))) return end('seconds');
      next = search.next(figures);
    }
    if (request.arrivals) await offer();
    return end('found');
  } catch (error) {
    if (request.signal.aborted) return end('interrupted');
    if (error instanceof WorkError && steps.length > 0) throw new WorkError(error.message);
    throw error;
  }

  async function offer(): Promise<void> {
    const most = Math.max(0, ...steps.map(({ figures }) => figures.perSecond ?? 0));
    const limit = Math.max(
      ...steps.filter(({ figures }) => figures.refusal === null).map((step) => step.limit),
    );
    if (most === 0) return;
    for (const [index, share] of OFFERED.entries()) {
      const perSecond = share * most;
      const { requestsLeft, timeLimitMs } = limits();
      const jobs = Math.floor(
        Math.min(perSecond * ARRIVAL_SECONDS, requestsLeft / requestsOfJob / (OFFERED.length - index)),
      );
      if (jobs < 1 || timeLimitMs < LEAST_STEP_MS) return;
      const measured = await load.arrive({
        ...limits(),
        timeLimitMs: timeLimitMs / (OFFERED.length - index),
        limit,
        jobs,
        perSecond,
        seed: request.seed + index,
      });
      counts.requests += Math.max(measured.requests, measured.arrivals.length);
      arrivals.push(measured);
      if (measured.refused > 0) return;
    }
  }
}

/** Waits as long as a refusal asks to. @returns false if that is longer than the search may take */
async function obeyed({ refusal }: StepFigures, leftMs: number, signal: AbortSignal): Promise<boolean> {
  if (refusal === null || refusal.waitMs === 0) return true;
  if (refusal.waitMs >= leftMs) return false;
  await wait(refusal.waitMs, undefined, { signal });
  return true;
}

/**
 * The time over which the slots of a step start: the least latency seen, or more if the target would not keep up with that.
 * Otherwise equal latencies make waves, and a count of answers says little.
 */
function rampOf(steps: readonly Step[], limit: number): number {
  const latencies = steps.flatMap(({ figures }) => figures.meanLatencyMs ?? []);
  const rates = steps.flatMap(({ figures }) => figures.perSecond ?? []);
  if (latencies.length === 0) return 0;
  return Math.max(Math.min(...latencies), (limit * 1000) / Math.max(...rates));
}

/** What a step takes at the least, in ms: by the throughput of the nearest step so far. */
function estimateMs(steps: readonly Step[], { limit, jobs }: StepRequest): number {
  const same = steps.filter((step) => step.limit <= limit && step.figures.perSecond !== null).at(-1);
  if (same === undefined) return 0;
  const most = Math.max(...steps.map(({ figures }) => figures.perSecond ?? 0));
  const rate = Math.min(
    (same.figures.perSecond! * limit) / same.limit,
    Math.max(most, same.figures.perSecond!) * 2,
  );
  return (jobs * 1000) / rate + STEP_MS;
}
