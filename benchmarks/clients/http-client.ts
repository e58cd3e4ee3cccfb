import { Dispatcher } from 'undici';

/** An HTTP client library, called as its users call it. */
export interface HttpClient {
  readonly id: string;
  /** Marks the floor: the least time of this runtime, a reference for the other clients. */
  readonly floor?: true;
  /** Every request opens and closes a connection. */
  readonly closes?: true;
  /** Its connections cannot be limited: it may open another while an answer's connection is not yet free. */
  readonly unlimited?: true;
  /**
   * Prepares GETs from one server.
   *
   * @param origin as in `http://127.0.0.1:4000`
   * @param connections the most connections; they are kept, and retries are off
   * @throws if the library, which is imported only now, is missing; only its own rows fail then
   */
  open(origin: string, connections: number): OpenHttpClient | Promise<OpenHttpClient>;
  /** One GET with the library's default options. */
  getByDefault(url: string): Promise<string>;
}

/** A client with its connections. */
export interface OpenHttpClient {
  /**
   * The body of an answer.
   *
   * @throws if the connection breaks, or the status is not 200
   */
  get(path: string): Promise<string>;
  /** Aborts running requests, and closes the client's own connections. */
  close(): Promise<void>;
}

/**
 * Checks that Node's fetch uses Node's own agent, which the installed undici can replace.
 *
 * @throws if it has been replaced
 */
export function expectOwnFetch(): void {
  const agent = (globalThis as unknown as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')];
  // Node's own agent has the class of the undici inside Node.
  if (agent instanceof Dispatcher)
    throw new Error("Node's fetch would use the agent of the undici that is installed, not its own.");
}

/** Accepts status 200 only, since libraries differ in what they call an error. */
export function expectOk(status: number, path: string): void {
  if (status !== 200) throw new Error(`The target answered ${status} to GET ${path}.`);
}
