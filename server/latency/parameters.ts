/** The options of requests and of the server's start: schemas, defaults and limits. */
import { type Static, Type } from 'typebox';

/** The longest delay that a request may ask for. */
export const MAX_DELAY_MS = 600_000;
export const MAX_BODY_BYTES = 1024 * 1024;
/** The longest name of a sample, in characters. */
export const MAX_RUN_LENGTH = 300;
const MAX_SIZE_BYTES = 10 * 1024 * 1024;

export const DISTRIBUTIONS = ['fixed', 'uniform', 'normal', 'lognormal', 'exponential', 'pareto'] as const;
export const PROTOCOLS = ['http', 'https', 'http2'] as const;

const Milliseconds = Type.Number({ minimum: 0, maximum: MAX_DELAY_MS });

/** `/delay/:ms`. */
export const DelayPath = Type.Object({ ms: Milliseconds });

const RunName = Type.String({ maxLength: MAX_RUN_LENGTH });

/** `/base/:run/:ms/*`; the rest of the path is the client's own. */
export const BasePath = Type.Object({ run: RunName, ms: Milliseconds, '*': Type.String() });

/** The options of an answer; the server's start sets the defaults of requests. */
const answer = {
  distribution: Type.Optional(Type.Enum([...DISTRIBUTIONS])),
  /** uniform: half the width, in ms. */
  jitter: Type.Optional(Milliseconds),
  /** normal: the standard deviation, in ms. */
  deviation: Type.Optional(Milliseconds),
  /** lognormal: the standard deviation of the logarithm. */
  sigma: Type.Optional(Type.Number({ minimum: 0, maximum: 10 })),
  /** pareto: how fast the tail falls; the mean is infinite up to 1. */
  shape: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
  /** The least number of bytes in the body, padded with spaces. */
  size: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_SIZE_BYTES })),
  /** As in `reset:0.1,slow:0.05`: kinds with their probabilities. */
  fault: Type.Optional(Type.String({ maxLength: 200 })),
  /** fault=error: the status. */
  status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
  /** fault=slow: the rate of the body. */
  bytesPerSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
};

/** The query of `/delay/:ms`. */
export const DelayQuery = Type.Object(
  {
    /** Determines the random numbers of the request: the same job always gets the same. */
    job: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    /** The name of the request's sample. */
    run: Type.Optional(RunName),
    ...answer,
  },
  { additionalProperties: false },
);

/** The start options of a server. */
export const ServerOptions = Type.Object(
  {
    port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    host: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    protocol: Type.Optional(Type.Enum([...PROTOCOLS])),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff_ffff })),
    /** The most requests in service at once; no limit if left out. */
    capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** The most requests in the queue, after which the answer is 503; no limit if left out. */
    queue: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    /** The most requests per second on average, above which the answer is 429. */
    rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
    /** The most requests at once before the rate applies; those of one second if left out. */
    burst: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** JSON: what changes over time, as `readSchedule` reads it. */
    schedule: Type.Optional(Type.String({ minLength: 1, maxLength: 1_000_000 })),
    ...answer,
  },
  { additionalProperties: false },
);

export type DelayQuery = Static<typeof DelayQuery>;
export type ServerOptions = Static<typeof ServerOptions>;
/** The options that requests and the server's start share. */
export type AnswerOptions = Pick<DelayQuery, keyof typeof answer>;
