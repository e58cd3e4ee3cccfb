/** What sends the requests of a peer in JavaScript. */
import type { Setting } from './conversation.ts';

/** The connections to one target. */
export interface Connections {
  /** The text of the answer. @throws if the answer has another status than 200 */
  get(path: string): Promise<string>;
  /** Resolves when the target has the text. @throws as `get` */
  post(path: string, text: string): Promise<void>;
  close(): Promise<void>;
}

/** A library or function that sends requests. */
export interface Client {
  readonly name: string;
  /** The versions of its packages. */
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: readonly Setting[];
  /** Why it opens connections during a batch although it had opened as many as ordered; undefined if it keeps them all. */
  readonly reconnects?: string;
  /** Prepares a number of connections, of which none opens yet. */
  connect(origin: string, connections: number): Connections;
}

/** @throws if the status is not that of success */
export function checkStatus(status: number, path: string): void {
  if (status !== 200) throw new Error(`the target answered ${status} to ${path}`);
}
