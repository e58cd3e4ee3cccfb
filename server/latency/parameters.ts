/** What a request, or the server's start, may ask for: schemas, defaults and limits. */
import { type Static, Type } from 'typebox';

/** Nobody waits longer than this for an answer. */
export const MAX_DELAY_MS = 600_000;
export const MAX_BODY_BYTES = 1024 * 1024;
const MAX_SIZE_BYTES = 10 * 1024 * 1024;

export const DISTRIBUTIONS = ['fixed', 'uniform', 'normal', 'lognormal', 'exponential', 'pareto'] as const;
export const PROTOCOLS = ['http', 'https', 'http2'] as const;

const Milliseconds = Type.Number({ minimum: 0, maximum: MAX_DELAY_MS });

/** `/delay/:ms`. */
export const DelayPath = Type.Object({ ms: Milliseconds });

/** What the answer to a request is like; the server's start sets what requests leave open. */
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
  /** At least this many bytes in the body, filled up with spaces. */
  size: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_SIZE_BYTES })),
  /** As in `reset:0.1,slow:0.05`: kinds with their probabilities. */
  fault: Type.Optional(Type.String({ maxLength: 200 })),
  /** fault=error: the status. */
  status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
  /** fault=slow: how fast the body comes. */
  bytesPerSecond: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
};

/** The query of `/delay/:ms`. */
export const DelayQuery = Type.Object(
  {
    /** Fixes what is drawn for the request: the same job always gets the same. */
    job: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    /** Names the sample that the request belongs to. */
    run: Type.Optional(Type.String({ maxLength: 300 })),
    ...answer,
  },
  { additionalProperties: false },
);

/** What a server is started with. */
export const ServerOptions = Type.Object(
  {
    port: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
    host: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    protocol: Type.Optional(Type.Enum([...PROTOCOLS])),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffff_ffff })),
    /** At most this many requests are worked on at once; no limit where left out. */
    capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** So many more wait, and the next one gets 503; no limit where left out. */
    queue: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    /** Requests a second on average, beyond which the answer is 429. */
    rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
    /** How many may come at once before the rate counts; as many as come in a second where left out. */
    burst: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    ...answer,
  },
  { additionalProperties: false },
);

export type DelayQuery = Static<typeof DelayQuery>;
export type ServerOptions = Static<typeof ServerOptions>;
/** The parameters that a request and the server's start share. */
export type AnswerOptions = Pick<DelayQuery, keyof typeof answer>;
