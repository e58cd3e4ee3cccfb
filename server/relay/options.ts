import { type Static, Type } from 'typebox';

/** The start options of a relay. */
export const RelayOptions = Type.Object({
  /** The origin of the service, as in `http://127.0.0.1:8000`. */
  origin: Type.String({ minLength: 1, maxLength: 300 }),
  /** How long the service may take for an answer, in ms. */
  answerLimitMs: Type.Number({ exclusiveMinimum: 0, maximum: 2 ** 31 - 1 }),
  /** The most connections to the service; no limit if left out. */
  connections: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  /** The most requests that a run may send to the service; required for one on another machine. */
  maxRequests: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 })),
});

export type RelayOptions = Readonly<Static<typeof RelayOptions>>;

/** The host names of this machine in URLs. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Checks where the service is.
 *
 * @throws one sentence if the origin cannot be used, or is on another machine without a stated budget
 */
export function checkService({ origin, maxRequests }: Pick<RelayOptions, 'origin' | 'maxRequests'>): void {
  const url = URL.parse(origin);
  if (url === null || !/^https?:$/.test(url.protocol) || url.origin !== origin)
    throw new Error(`origin must be like http://127.0.0.1:8000, and is ${origin}.`);
  if (maxRequests === undefined && !LOOPBACK.test(url.hostname))
    throw new Error(
      `${url.host} is not this machine, so state with maxRequests how many requests a run may send there.`,
    );
}
