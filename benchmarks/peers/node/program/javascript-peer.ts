/**
 * Crawls, and saves hashes, on Node, Bun and Deno.
 *
 * Arguments: the client, `fetch` or `undici`, and the folder whose `node_modules` has the packages.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import process from 'node:process';
import type * as Undici from 'undici';
import type { Client } from './client.ts';
import { converse, type Order, PackageMissing, type Peer, type Session } from './conversation.ts';
import { fetchClient } from './fetch-client.ts';
import { STRATEGIES } from './strategies.ts';
import { undiciClient } from './undici-client.ts';

/** The functions of the package bcrypt that are needed here. */
interface Bcrypt {
  hashSync(text: string, salt: string): string;
}

/** How long the target holds the requests that open connections: at least this long, and longer for many. */
const LEAST_HOLD_MS = 50;
const SENT_PER_MS = 5;

const [, , clientName = 'fetch', folder = import.meta.dirname] = process.argv;
const require = createRequire(join(resolve(folder), 'package.json'));

await converse(load);

async function load(): Promise<Peer> {
  const bcrypt = packageNamed<Bcrypt>('bcrypt');
  const client = clientNamed(clientName);
  const { name, settings, reconnects } = client;
  return {
    abilities: {
      versions: { ...runtimeVersion(), ...client.versions, bcrypt: bcrypt.version },
      strategies: Object.fromEntries(
        Object.entries(STRATEGIES).map(([workload, byName]) => [workload, Object.keys(byName)]),
      ),
      client: name,
      settings,
      ...(reconnects === undefined ? {} : { reconnects }),
    },
    open: (order) => open(order, client, bcrypt.module),
  };
}

async function open(order: Order, client: Client, { hashSync }: Bcrypt): Promise<Session> {
  const connections = client.connect(order.origin, order.connections);
  // Held until all are sent, since an early answer would lend its connection to a later request.
  const path = `/delay/${Math.max(LEAST_HOLD_MS, Math.ceil(order.connections / SENT_PER_MS))}`;
  await Promise.all(Array.from({ length: order.connections }, () => connections.get(path)));
  const strategy = STRATEGIES[order.workload]![order.strategy]!;
  return {
    run: () => strategy({ order, connections, hash: hashSync }),
    close: () => connections.close(),
  };
}

function clientNamed(name: string): Client {
  if (name === 'fetch') return fetchClient;
  const { module, version } = packageNamed<Pick<typeof Undici, 'Pool'>>('undici');
  return undiciClient(module, version);
}

/** @throws PackageMissing */
function packageNamed<Module>(name: string): { readonly module: Module; readonly version: string } {
  try {
    const { version } = require(`${name}/package.json`);
    return { module: require(name), version };
  } catch (error) {
    throw new PackageMissing(name, { cause: error });
  }
}

/** Deno and Bun have the version of a Node, too, which they imitate. */
function runtimeVersion(): Record<string, string> {
  const { deno, bun, node } = process.versions as Record<string, string | undefined>;
  if (deno !== undefined) return { deno };
  return bun === undefined ? { node: node! } : { bun };
}
