/** One step: a closed loop that keeps a number of jobs in flight, and what of it counts. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { mean, median } from 'simple-statistics';
import type { JobSource, Outcome } from './job-source.ts';
import { MOST_FAILURES, type Refusal, type StepFigures } from './steps.ts';
import type { Traffic } from './traffic.ts';

/** What the loop is told, besides how much to do. */
export interface LoopOptions {
  readonly limit: number;
  readonly jobs: number;
  /** No job starts after this, and those in flight are aborted. */
  readonly timeLimitMs: number;
  /** A job that takes longer has failed. */
  readonly jobLimitMs: number;
  /** HTTP requests that may still be sent. */
  readonly requestsLeft: number;
  /** The requests of one job. */
  readonly requestsOfJob: number;
  /** Goes on after a refusal, which no search does. */
  readonly goesOn?: boolean;
  /** Slots start spread over this time, so that answers do not come in waves. */
  readonly rampMs: number;
}

/** One job: start and end in ms since the start of the step, and how it ended. */
export type JobSample = readonly [startMs: number, endMs: number, ending: 'ok' | 'failed' | 'refused'];

export interface StepMeasured {
  readonly figures: StepFigures;
  readonly samples: readonly JobSample[];
}

/** Nothing is in flight for this long before a step. */
const QUIET_MS = 15;
/** A throughput needs at least this many answers. */
const LEAST_ANSWERS = 5;

/** Runs a step. */
export async function runClosedLoop(
  source: JobSource,
  traffic: Traffic,
  options: LoopOptions,
): Promise<StepMeasured> {
  const { limit, jobs, timeLimitMs, rampMs } = options;
  const loop = createLoop(source, traffic, options);
  const deadline = setTimeout(() => loop.cut(), timeLimitMs);
  const startedMs = performance.now();
  await wait(QUIET_MS);
  const warmed = await source.warm(limit);
  traffic.reset();
  traffic.onRefusal = loop.halt;
  if (warmed.kind === 'ok') await loop.run(rampMs);
  else loop.ended(warmed);
  traffic.onRefusal = () => {};
  clearTimeout(deadline);
  const seen = traffic.read();
  const { samples, started, halted, usage, failure, exhausted, ...told } = loop.told();
  const refusal = told.refusal ?? seen.refusal;
  const endings = (ending: JobSample[2]) => samples.filter(([, , own]) => own === ending).length;
  return {
    samples,
    figures: {
      jobs: started,
      succeeded: endings('ok'),
      failed: endings('failed'),
      requests: seen.requests,
      ...windowOf(samples, { limit, rampMs }),
      refusal,
      refused: Math.max(seen.refused, endings('refused'), warmed.kind === 'refused' ? 1 : 0),
      exhausted,
      failure,
      peakAtSockets: seen.requests === 0 ? null : seen.peakInFlight,
      peakSockets: seen.peakSockets,
      ...usage,
      seconds: (performance.now() - startedMs) / 1000,
      cut: !halted && started < jobs,
    },
  };
}

/** The slots of a step. */
function createLoop(source: JobSource, traffic: Traffic, options: LoopOptions) {
  const { limit, jobs, jobLimitMs, requestsLeft, requestsOfJob } = options;
  const samples: JobSample[] = [];
  const aborting = new AbortController();
  const meter = createMeter();
  let [started, failed, zeroMs] = [0, 0, 0];
  let [stopped, halted] = [false, false];
  let [failure, exhausted]: [string | null, string | null] = [null, null];
  let refusal: Refusal | null = null;

  const cut = () => {
    stopped = true;
    meter.end();
  };
  /** Ends the step for what jobs said, and not for want of time. */
  const halt = () => {
    if (options.goesOn === true) return;
    halted = true;
    cut();
  };
  const mayStart = () => {
    if (stopped || started >= jobs) return false;
    return Math.max(started * requestsOfJob, traffic.read().requests) + requestsOfJob <= requestsLeft;
  };
  const ended = (outcome: Outcome) => {
    if (outcome.kind === 'ok') return;
    failure ??= outcome.why;
    failed += 1;
    if (outcome.kind === 'refused') refusal ??= outcome.refusal;
    else exhausted ??= outcome.exhausted ?? null;
    if (outcome.kind === 'refused' || exhausted !== null || failed > MOST_FAILURES * jobs) halt();
  };
  const once = async (slot: number) => {
    const fromMs = performance.now() - zeroMs;
    const outcome = await withinLimit(source, slot, jobLimitMs, aborting.signal);
    if (outcome === null) return;
    ended(outcome);
    samples.push([fromMs, performance.now() - zeroMs, outcome.kind]);
  };
  const runSlot = async (slot: number) => {
    while (mayStart()) {
      started += 1;
      if (started === jobs) meter.end();
      await once(slot);
    }
  };
  return {
    halt,
    ended,
    cut() {
      cut();
      aborting.abort(new Error('The time is over'));
    },
    async run(rampMs: number) {
      zeroMs = performance.now();
      const slots: Promise<void>[] = [];
      while (slots.length < limit && mayStart()) {
        const dueMs = (slots.length * rampMs) / limit;
        if (performance.now() - zeroMs < dueMs) await wait(1);
        else slots.push(runSlot(slots.length));
      }
      if (!stopped) meter.begin();
      await Promise.all(slots);
      meter.end();
    },
    told: () => ({ samples, started, halted, refusal, failure, exhausted, usage: meter.read() }),
  };
}

/** Runs a job within its time limit; null if it was aborted from outside. */
export async function withinLimit(
  source: JobSource,
  slot: number,
  limitMs: number,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const own = new AbortController();
  const { promise: over, resolve } = Promise.withResolvers<Outcome | null>();
  const tooLong = setTimeout(() => {
    resolve({ kind: 'failed', why: `it did not end within ${limitMs / 1000} s` });
    own.abort(new Error('The time limit of a job is over'));
  }, limitMs);
  const leave = () => {
    resolve(null);
    own.abort(signal.reason);
  };
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  try {
    return await Promise.race([over, source.run(slot, own.signal)]);
  } finally {
    clearTimeout(tooLong);
    signal.removeEventListener('abort', leave);
  }
}

/** Loop and CPU of this process while all slots are taken. */
function createMeter() {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  let utilization = performance.eventLoopUtilization();
  let cpu = process.cpuUsage();
  let beganMs = performance.now();
  let usage: Pick<StepFigures, 'loopUtilization' | 'cpuShare' | 'longestDelayMs'> | null = null;
  return {
    begin() {
      utilization = performance.eventLoopUtilization();
      cpu = process.cpuUsage();
      beganMs = performance.now();
    },
    end() {
      if (usage !== null) return;
      const { user, system } = process.cpuUsage(cpu);
      usage = {
        loopUtilization: performance.eventLoopUtilization(utilization).utilization,
        cpuShare: (user + system) / 1000 / Math.max(1, performance.now() - beganMs),
        longestDelayMs: delay.count === 0 ? 0 : delay.max / 1e6,
      };
      delay.disable();
    },
    read() {
      this.end();
      return usage!;
    },
  };
}

/** The figures of the time in which all slots are taken: from the end of the ramp until the last job starts. */
export function windowOf(
  samples: readonly JobSample[],
  { limit, rampMs }: Pick<LoopOptions, 'limit' | 'rampMs'>,
): Pick<StepFigures, 'perSecond' | 'meanLatencyMs' | 'medianLatencyMs'> {
  const none = { perSecond: null, meanLatencyMs: null, medianLatencyMs: null };
  const answered = samples.filter(([, , ending]) => ending === 'ok');
  const starts = samples.map(([startMs]) => startMs).sort((one, other) => one - other);
  const firstEndMs = Math.min(...samples.map(([, endMs]) => endMs));
  const filledMs = Math.max(starts[limit - 1] ?? 0, firstEndMs, limit === 1 ? 0 : rampMs);
  const counted = answered.filter(([, endMs]) => endMs >= filledMs && endMs <= starts.at(-1)!);
  if (counted.length < LEAST_ANSWERS) return none;
  const ends = counted.map(([, endMs]) => endMs);
  const spanMs = Math.max(...ends) - Math.min(...ends);
  if (spanMs <= 0) return none;
  const latencies = counted.map(([startMs, endMs]) => endMs - startMs);
  return {
    perSecond: ((counted.length - 1) * 1000) / spanMs,
    meanLatencyMs: mean(latencies),
    medianLatencyMs: median(latencies),
  };
}
