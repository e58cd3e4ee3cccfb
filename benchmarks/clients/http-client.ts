import { Dispatcher } from 'undici';

/** An HTTP client library, in the form in which its users write it. */
export interface HttpClient {
  readonly id: string;
  /** Every request opens a connection, and closes it. */
  readonly closes?: true;
  /** Nobody can limit its connections: it may open another while an answer's connection is not yet free. */
  readonly unlimited?: true;
  /**
   * Prepares GETs from one server.
   *
   * @param origin as in `http://127.0.0.1:4000`
   * @param connections how many there are at most; they are kept, and nothing is tried twice
   * @throws where a library that is imported only now is not there: that costs its own rows alone
   */
  open(origin: string, connections: number): OpenHttpClient | Promise<OpenHttpClient>;
  /** One GET with nothing said but where: what the library does when its user says nothing. */
  getByDefault(url: string): Promise<string>;
}

/** A client with its connections. */
export interface OpenHttpClient {
  /**
   * The body of an answer.
   *
   * @throws where the connection breaks, or the status is not 200
   */
  get(path: string): Promise<string>;
  /** Ends what is under way, and closes the connections as far as they are its own. */
  close(): Promise<void>;
}

/**
 * Makes sure that Node's fetch is Node's own: the undici that is installed may have put its agent under it.
 *
 * @throws where it has
 */
export function expectOwnFetch(): void {
  const agent = (globalThis as unknown as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')];
  // Node's own is of another class: that of the undici inside Node.
  if (agent instanceof Dispatcher)
    throw new Error("Node's fetch would use the agent of the undici that is installed, not its own.");
}

/** Whatever a library calls it, only 200 is an answer. */
export function expectOk(status: number, path: string): void {
  if (status !== 200) throw new Error(`The target answered ${status} to GET ${path}.`);
}
