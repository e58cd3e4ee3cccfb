import { crc32 } from 'node:zlib';
import { createAdmission, createTokenBucket, type TokenBucket } from './admission.ts';
import type { Ending, Exchange } from './answers.ts';
import { chooseFault, type FaultTable, readFaults } from './faults.ts';
import { createHolds } from './holds.ts';
import { checkDistribution, drawLatencyMs } from './latency.ts';
import type { Observations } from './observations.ts';
import { type AnswerOptions, type DelayQuery, MAX_DELAY_MS, type ServerOptions } from './parameters.ts';
import { randomFor, STREAM } from './random.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import { checkSettings, mostOf, scheduleOf } from './settings.ts';

/** A valid request to `/delay/:ms`. */
export interface DelayRequest {
  readonly ms: number;
  readonly query: DelayQuery;
  /** Left out without one. */
  readonly body?: Buffer;
}

/** The handler of `/delay/:ms`. */
export interface DelayRoute {
  /** @throws ParameterError if options of the query contradict each other */
  (request: DelayRequest, exchange: Exchange): void;
  /** The length of the queue. */
  queued(): number;
  /** What changes over time; null without a schedule. */
  readonly scheduler: Scheduler | null;
}

/** The options of a request, with the server's settings as defaults. */
interface Treatment {
  readonly options: AnswerOptions;
  readonly faults: FaultTable;
}

/**
 * Makes the handler: it admits a request, queues it, holds it, and answers it or injects a fault.
 *
 * @throws ParameterError if the server's settings contradict each other
 */
export function createDelayRoute(settings: ServerOptions, observations: Observations): DelayRoute {
  const { seed = 0, queue = Number.POSITIVE_INFINITY } = settings;
  let { capacity = Number.POSITIVE_INFINITY, rate = Number.POSITIVE_INFINITY } = settings;
  checkSettings(settings);
  let current = settings;
  let defaults = treat(settings);
  let latencyFactor = 1;
  const holds = createHolds();
  const admission = createAdmission(capacity, queue);
  const schedule = scheduleOf(settings);
  const bucket = createBucket(settings, mostOf(schedule, 'rate'));
  const scheduler =
    schedule === null
      ? null
      : createScheduler(schedule, (values) => {
          ({ capacity, rate, latencyFactor } = values);
          const { fault, ...others } = settings;
          current = values.fault === undefined ? others : { ...others, fault: values.fault };
          defaults = treat(current);
          bucket?.setRate(rate, performance.now());
          admission.setCapacity(capacity);
        });
  let arrivals = 0;

  const route = (request: DelayRequest, exchange: Exchange) => {
    const { ms, query } = request;
    scheduler?.arrived();
    const { options, faults } = overrides(query) ? treat(merge(current, query)) : defaults;
    arrivals += 1;
    // The random numbers of a request without id follow from its place in the order of arrival.
    const job = query.job ?? arrivals;
    const drawnMs =
      options.distribution === undefined || options.distribution === 'fixed'
        ? ms
        : drawLatencyMs(ms, options, randomFor(seed, job, STREAM.latency));
    const delayMs = latencyFactor === 1 ? drawnMs : Math.min(MAX_DELAY_MS, drawnMs * latencyFactor);

    const limitedMs = bucket?.take(performance.now()) ?? 0;
    if (limitedMs > 0) {
      observations.rejected('rateLimited');
      return turnAway(exchange, 429, `The rate limit is ${rate} requests a second.`, limitedMs);
    }
    if (admission.full()) {
      observations.rejected('queueFull');
      const turnMs = ((admission.waiting() + 1) * delayMs) / capacity;
      return turnAway(exchange, 503, `All ${capacity} places and the queue of ${queue} are taken.`, turnMs);
    }

    const { fail } = exchange;
    const kind =
      fail === null || faults.length === 0 ? null : chooseFault(faults, randomFor(seed, job, STREAM.fault)());
    const seen = observations.arrived(query.job ?? null, query.run ?? '', exchange.connection);
    const text = answerText(request, delayMs);
    let ended = false;
    /** Stops the hold or the slow answer. */
    let stopWhatGoesOn = () => {};
    const whenLeft = (stop: () => void) => {
      stopWhatGoesOn = stop;
    };

    const end = (ending: Ending, atMs = performance.now()) => {
      if (ended) return;
      ended = true;
      if (ending === 'released') observations.released(seen, atMs, kind === null ? delayMs : null);
      else observations.aborted(seen);
      admission.leave();
    };
    const respond = () => {
      // Padded only now: a large answer takes no memory while it is held.
      const body = text.padEnd(options.size ?? 0);
      if (kind !== null) {
        observations.faulted(kind);
        const { status = 500, bytesPerSecond = 100 } = options;
        fail?.(kind, { body, status, bytesPerSecond, ended: end, whenLeft });
        return;
      }
      const atMs = performance.now();
      exchange.send(body);
      end('released', atMs);
    };
    const start = () => {
      observations.started(seen);
      if (delayMs === 0) respond();
      else stopWhatGoesOn = holds.until(performance.now() + delayMs, respond);
    };
    admission.enter(start);
    if (ended) return;
    exchange.whenOver(() => {
      if (ended) return;
      stopWhatGoesOn();
      if (seen.startedMs !== null) return end('aborted');
      ended = true;
      admission.abandon(start);
      observations.aborted(seen);
    });
  };
  return Object.assign(route, { queued: admission.waiting, scheduler });
}

/** @param scheduled the most that a schedule sets for the rate; undefined if it never sets it */
function createBucket({ rate, burst }: ServerOptions, scheduled: number | undefined): TokenBucket | null {
  const most = Math.max(rate ?? 0, scheduled ?? 0);
  if (most === 0) return null;
  return createTokenBucket(rate ?? Number.POSITIVE_INFINITY, burst ?? Math.max(1, Math.ceil(most)));
}

/** Checks options that depend on each other. */
function treat(options: AnswerOptions): Treatment {
  checkDistribution(options);
  return { options, faults: readFaults(options.fault) };
}

/** Whether a request sets options of its own. */
function overrides(query: DelayQuery): boolean {
  for (const name in query) if (name !== 'job' && name !== 'run') return true;
  return false;
}

/** A request with its own distribution ignores the details of the server's distribution. */
function merge(settings: ServerOptions, query: DelayQuery): AnswerOptions {
  if (query.distribution === undefined) return { ...settings, ...query };
  const { jitter, deviation, sigma, shape, ...rest } = settings;
  return { ...rest, ...query };
}

function answerText({ body, query }: DelayRequest, delayMs: number): string {
  const job = query.job ?? null;
  return body !== undefined
    ? `{"job":${job},"delayMs":${delayMs},"sizeBytes":${body.length},"crc32":"${crc32(body).toString(16).padStart(8, '0')}"}`
    : `{"job":${job},"delayMs":${delayMs}}`;
}

/** Retry-After counts whole seconds, so the body also has the time in ms. */
function turnAway(exchange: Exchange, status: number, error: string, retryAfterMs: number): void {
  const body = JSON.stringify({ error, retryAfterMs: Math.ceil(retryAfterMs) });
  exchange.turnAway(status, body, Math.max(1, Math.ceil(retryAfterMs / 1000)));
}
