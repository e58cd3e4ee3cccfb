/**
 * The player: a process that runs one batch and reports events while it runs. It is forked with its choices as one JSON
 * argument, which the parent has checked; their limit is the real limit of requests in flight. It ends when its parent
 * ends.
 */
import { subscribe } from 'node:diagnostics_channel';
import { openCrawl } from '../benchmarks/clients/undici-crawl.ts';
import { doSteps, stepsFor } from '../benchmarks/compute/cpu.ts';
import { batches } from '../benchmarks/strategies/batches.ts';
import { interleaved } from '../benchmarks/strategies/interleaved.ts';
import { promiseAll } from '../benchmarks/strategies/promise-all.ts';
import { semaphore } from '../benchmarks/strategies/semaphore.ts';
import { serial } from '../benchmarks/strategies/serial.ts';
import { runBatch } from '../harness/measure/conduct/batch.ts';
import { peakInFlightOf } from '../harness/measure/conduct/evidence.ts';
import { endWithParent } from '../harness/measure/process/watchdog.ts';
import { type Job, type LazyStrategy, loadStrategy, type Strategy } from '../harness/model/job.ts';
import type { TargetAddress } from '../harness/model/target.ts';
import openWitness from '../server/latency/witness.ts';
import type { Choices, StrategyName } from './choices.ts';
import type { FromPlayer, Outcome, PlayerEvent, ToPlayer } from './events.ts';

const MAKE: Readonly<Record<StrategyName, (limit: number) => Strategy | LazyStrategy>> = {
  serial: () => serial,
  'promise-all': () => promiseAll,
  semaphore,
  batches,
  interleaved,
  adaptive: (limit) => ({
    load: async () => (await import('../benchmarks/strategies/limiters/adaptive.ts')).default(limit),
  }),
};
/** Events are collected and sent at most this often. */
const TELL_INTERVAL_MS = 25;
/** The interval of the timer that measures the loop delay. */
const LOOK_INTERVAL_MS = 20;

const say = (message: FromPlayer) => process.send?.(message);

process.once('disconnect', () => process.exit(0));
endWithParent();
// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => {});

const choices: Choices = JSON.parse(process.argv[2]!);
const steps = choices.sliceMs === 0 ? 0 : stepsFor(choices.sliceMs);

process.on('message', ({ target }: ToPlayer) => {
  play(target).then(
    (outcome) => say({ type: 'finished', outcome }),
    (error: Error) => say({ type: 'failed', message: error.message }),
  );
});
say({ type: 'ready' });

async function play(target: TargetAddress): Promise<Outcome> {
  const { requests, latencyMs, limit } = choices;
  const strategy = await loadStrategy(MAKE[choices.strategy](limit));
  const witness = openWitness(target);
  const batch = await openCrawl(
    { ...target, run: 'play' },
    { requests, delayMs: latencyMs, connections: limit },
  );
  await witness.forget();

  say({ type: 'begun' });
  const startMs = performance.now();
  const { tell, flush } = createTeller();
  // Rounded to microseconds, which keeps messages short.
  const at = () => Math.round((performance.now() - startMs) * 1000) / 1000;
  const stopLooking = watchLoop(at, tell);
  tellDepartures((job) => tell({ type: 'sent', job, atMs: at() }));
  const jobs = batch.jobs.map((job) => observe(job, at, tell));
  try {
    const { results } = await runBatch(strategy, { jobs, cancel: batch.cancel });
    const wallMs = at();
    const evidence = await witness.evidence();
    return {
      wallMs,
      answers: results.length,
      target: {
        requests: evidence.requests.length,
        peakInFlight: peakInFlightOf(evidence),
        connections: evidence.connections.used,
      },
    };
  } finally {
    stopLooking();
    flush();
  }
}

/** The same job, which also reports its CPU work and its answer. */
function observe(job: Job<string>, at: () => number, tell: (event: PlayerEvent) => void): Job<string> {
  const { id } = job;
  const send = async () => {
    const answer = await job.send();
    tell({ type: 'answered', job: id, atMs: at() });
    return answer;
  };
  if (steps === 0) return { id, send };
  return {
    id,
    send,
    compute() {
      tell({ type: 'computing', job: id, atMs: at() });
      doSteps(steps);
      tell({ type: 'computed', job: id, atMs: at() });
    },
  };
}

/** undici queues requests: only its diagnostics channel reports when a request goes to the socket. */
function tellDepartures(departed: (job: number) => void): void {
  subscribe('undici:client:sendHeaders', (message) => {
    const { path } = (message as { request: { path: string } }).request;
    const [, job] = /[?&]job=(\d+)/.exec(path) ?? [];
    if (job !== undefined) departed(Number(job));
  });
}

/**
 * Reports how late a timer is. (The histogram of `monitorEventLoopDelay` loses the first delay after each reset.)
 *
 * @returns a function that ends it
 */
function watchLoop(at: () => number, tell: (event: PlayerEvent) => void): () => void {
  let lastMs = at();
  const timer = setInterval(() => {
    const atMs = at();
    tell({ type: 'loop', atMs, delayMs: Math.max(0, atMs - lastMs - LOOK_INTERVAL_MS) });
    lastMs = atMs;
  }, LOOK_INTERVAL_MS);
  return () => clearInterval(timer);
}

/** Collects events. While the loop is blocked, a job that reports an event also sends those that are due. */
function createTeller() {
  let events: PlayerEvent[] = [];
  let toldMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    toldMs = performance.now();
    if (events.length > 0) say({ type: 'events', events });
    events = [];
  };
  return {
    flush,
    tell(event: PlayerEvent) {
      events.push(event);
      if (performance.now() - toldMs >= TELL_INTERVAL_MS) flush();
      else timer ??= setTimeout(flush, TELL_INTERVAL_MS);
    },
  };
}
