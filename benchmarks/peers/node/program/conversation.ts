/**
 * The messages between a peer in JavaScript and the process that measures it, on Node, Bun and Deno.
 * docs/peer-protocol.md describes the messages and their rules.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';

const EXIT_FAILED = 1;
const EXIT_MISSING = 3;
const PARENT_POLL_MS = 500;

/** The fields of an open command. */
export interface Order {
  readonly workload: string;
  readonly strategy: string;
  readonly origin: string;
  readonly run: string;
  readonly jobs: number;
  readonly limit: number;
  readonly delayMs: number;
  readonly connections: number;
  /** How many jobs the strategy `batches` takes at once. */
  readonly batch?: number;
  /** The salt of each job's hash, which includes the cost. */
  readonly salts?: readonly string[];
}

/** The results of a batch, in the order of the jobs, and the time of the jobs' own CPU work. */
export interface Outcome {
  readonly results: readonly string[];
  readonly computeMs: number;
}

/** A client that keeps its connections from its creation until it is closed. */
export interface Session {
  run(): Promise<Outcome>;
  close(): Promise<void>;
}

/** A setting of a client, and why it is not the default. */
export interface Setting {
  readonly name: string;
  readonly value: string;
  /** With `why`: the default, where the value is another. */
  readonly default?: string;
  readonly why?: string;
}

/** What a peer says of itself. */
export interface Abilities {
  readonly versions: Readonly<Record<string, string>>;
  readonly strategies: Readonly<Record<string, readonly string[]>>;
  readonly client: string;
  readonly settings: readonly Setting[];
  /** Why connections open during a batch. */
  readonly reconnects?: string;
}

/** Why a peer cannot work: a package that is not installed. */
export class PackageMissing extends Error {}

/** What a peer needs besides this module. */
export interface Peer {
  readonly abilities: Abilities;
  /** Opens the connections that must be open before the clock starts. */
  open(order: Order): Promise<Session>;
}

/** Reports a peer's abilities, then follows commands until stdin ends. */
export async function converse(load: () => Promise<Peer>): Promise<void> {
  endWithParent();
  try {
    const { abilities, open } = await load();
    say({ ready: true, ...abilities });
    // A batch may run when stdin ends; its results have no reader.
    const lines = createInterface({ input: process.stdin }).on('close', () => process.exit(0));
    let session: Session | undefined;
    let earlier = Promise.resolve();
    lines.on('line', (line) => {
      earlier = earlier.then(async () => {
        session = await follow(line, session, (order) => open(checked(order, abilities)));
      });
      earlier.catch(fail);
    });
  } catch (error) {
    fail(error);
  }
}

/** Answers one command. @returns the session that is open afterwards */
async function follow(
  line: string,
  session: Session | undefined,
  open: Peer['open'],
): Promise<Session | undefined> {
  const command = JSON.parse(line) as Order & { readonly do: string };
  if (command.do === 'open' && session === undefined) {
    const opened = await open(command);
    say({ opened: true });
    return opened;
  }
  if (command.do === 'run' && session !== undefined) {
    say(await measured(session));
    return session;
  }
  if (command.do === 'close' && session !== undefined) {
    await session.close();
    say({ closed: true });
    return undefined;
  }
  throw new Error(`${command.do} is no command, or comes at the wrong time`);
}

function checked(order: Order, { strategies }: Abilities): Order {
  if (strategies[order.workload]?.includes(order.strategy)) return order;
  throw new Error(`${order.workload} by ${order.strategy} is not what this peer can do`);
}

async function measured(session: Session): Promise<object> {
  collectGarbage();
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const { results, computeMs } = await session.run();
  const wallMs = performance.now() - startMs;
  const cpu = process.cpuUsage();
  const cpuMs = (cpu.user - cpuBefore.user + cpu.system - cpuBefore.system) / 1000;
  return { wallMs, cpuMs, computeMs, checksum: checksum(results) };
}

/** Each runtime has its own way; the flags of `runtime.ts` make it available. */
function collectGarbage(): void {
  const { gc, Bun } = globalThis as { gc?: () => void; Bun?: { gc(force: boolean): void } };
  if (Bun !== undefined) Bun.gc(true);
  else gc?.();
}

function checksum(results: readonly string[]): string {
  let value = 0;
  for (const result of results) value = crc32(result, value);
  return value.toString(16).padStart(8, '0');
}

/** The parent may be gone without the end of stdin, where another process holds its other end. */
function endWithParent(): void {
  // Ctrl-C reaches the whole process group; the parent decides what it means.
  process.on('SIGINT', () => {});
  process.stdout.on('error', () => process.exit(EXIT_FAILED));
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(EXIT_FAILED);
  }, PARENT_POLL_MS).unref();
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

function fail(error: unknown): void {
  if (error instanceof PackageMissing) {
    say({ ready: false, missing: error.message });
    process.exit(EXIT_MISSING);
  }
  const { name, message, cause } = error as Error;
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  process.stderr.write(`${name}: ${message}${reason}`.replaceAll(/\s+/g, ' ').concat('\n'));
  process.exit(EXIT_FAILED);
}
