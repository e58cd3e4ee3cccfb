import { crc32 } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createAdmission, createTokenBucket } from './admission.ts';
import { answer, type Ending } from './answers.ts';
import type { Connections } from './connections.ts';
import { chooseFault, type FaultTable, readFaults } from './faults.ts';
import { createHolds } from './holds.ts';
import { checkDistribution, drawLatencyMs } from './latency.ts';
import type { Observations } from './observations.ts';
import type { AnswerOptions, DelayQuery, ServerOptions } from './parameters.ts';
import { randomFor, STREAM } from './random.ts';
import { checkSettings } from './settings.ts';

type DelayRequest = FastifyRequest<{ Params: { ms: number }; Querystring: DelayQuery }>;

/** The handler of `/delay/:ms`. */
export interface DelayRoute {
  (request: DelayRequest, reply: FastifyReply): void;
  /** The length of the queue. */
  queued(): number;
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
export function createDelayRoute(
  settings: ServerOptions,
  connections: Connections,
  observations: Observations,
): DelayRoute {
  const { seed = 0, capacity = Number.POSITIVE_INFINITY, queue = Number.POSITIVE_INFINITY, rate } = settings;
  checkSettings(settings);
  const defaults = treat(settings);
  const holds = createHolds();
  const admission = createAdmission(capacity, queue);
  const bucket =
    rate === undefined ? null : createTokenBucket(rate, settings.burst ?? Math.max(1, Math.ceil(rate)));
  let arrivals = 0;

  const route = (request: DelayRequest, reply: FastifyReply) => {
    const { query } = request;
    const { options, faults } = overrides(query) ? treat(merge(settings, query)) : defaults;
    arrivals += 1;
    // The random numbers of a request without id follow from its place in the order of arrival.
    const job = query.job ?? arrivals;
    const delayMs =
      options.distribution === undefined || options.distribution === 'fixed'
        ? request.params.ms
        : drawLatencyMs(request.params.ms, options, randomFor(seed, job, STREAM.latency));

    const limitedMs = bucket?.take(performance.now()) ?? 0;
    if (limitedMs > 0) {
      observations.rejected('rateLimited');
      return turnAway(reply, 429, `The rate limit is ${rate} requests a second.`, limitedMs);
    }
    if (admission.full()) {
      observations.rejected('queueFull');
      const turnMs = ((admission.waiting() + 1) * delayMs) / capacity;
      return turnAway(reply, 503, `All ${capacity} places and the queue of ${queue} are taken.`, turnMs);
    }

    const kind = faults.length === 0 ? null : chooseFault(faults, randomFor(seed, job, STREAM.fault)());
    const connection = connections.of(request.raw.socket);
    const seen = observations.arrived(query.job ?? null, query.run ?? '', connection);
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
      if (kind !== null) observations.faulted(kind);
      // Padded only now: a large answer takes no memory while it is held.
      const body = text.padEnd(options.size ?? 0);
      const { status = 500, bytesPerSecond = 100 } = options;
      answer(kind, { reply, connection, body, status, bytesPerSecond, ended: end, whenLeft });
    };
    const start = () => {
      observations.started(seen);
      if (delayMs === 0) respond();
      else stopWhatGoesOn = holds.until(performance.now() + delayMs, respond);
    };
    admission.enter(start);
    if (ended) return;
    const leave = () => {
      connection.onClose.delete(leave);
      if (ended) return;
      stopWhatGoesOn();
      if (seen.startedMs !== null) return end('aborted');
      ended = true;
      admission.abandon(start);
      observations.aborted(seen);
    };
    connection.onClose.add(leave);
    reply.raw.once('close', leave);
  };
  return Object.assign(route, { queued: admission.waiting });
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

function answerText(request: DelayRequest, delayMs: number): string {
  const { body, query } = request;
  const job = query.job ?? null;
  return Buffer.isBuffer(body)
    ? `{"job":${job},"delayMs":${delayMs},"sizeBytes":${body.length},"crc32":"${crc32(body).toString(16).padStart(8, '0')}"}`
    : `{"job":${job},"delayMs":${delayMs}}`;
}

/** Retry-After counts whole seconds, so the body also has the time in ms. */
function turnAway(reply: FastifyReply, status: number, error: string, retryAfterMs: number): void {
  reply
    .code(status)
    .header('retry-after', Math.max(1, Math.ceil(retryAfterMs / 1000)))
    .send({ error, retryAfterMs: Math.ceil(retryAfterMs) });
}
