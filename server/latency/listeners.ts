import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, isIP, type Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * Connections that may wait to be accepted. A server that takes too few drops the SYNs of a burst, and each
 * of them comes again after a full second: the measured curve then jumps by that second.
 */
const BACKLOG = 4096;
/** A port that the system picks for one address may be taken at another; so often another one is tried. */
const PORT_TRIES = 20;

/** Finds every address of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** Where a server listens. */
export interface Listeners {
  readonly port: number;
  readonly addresses: readonly string[];
  /** Lets nobody in any more; whoever is in stays. */
  close(): void;
}

/** Every address that this machine knows a name by, in its own order. */
export const lookupAll: Lookup = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Listens at every address of a host, at one port. All connections are those of the app's one server, whatever its
 * protocol: fastify itself makes a second server for a second address of localhost, which nobody can count or close.
 *
 * @param port 0 lets the system pick one that is free at each address
 * @param find tells the addresses of a name; those that this machine has not are left out
 * @throws what listening throws, as when the port is taken at one of them, and what looking up throws
 */
export async function listenEverywhere(
  app: FastifyInstance,
  host: string,
  port: number,
  find: Lookup = lookupAll,
): Promise<Listeners> {
  const found = isIP(host) === 0 ? [...new Set(await find(host))] : [host];
  const addresses = found.length > 1 ? await ownAddresses(found) : found;
  const [first, ...others] = addresses;
  for (let tries = 1; ; tries++) {
    const doors: Server[] = [];
    try {
      let chosenPort = port;
      for (const address of others) {
        const door = await openDoor(app, address, chosenPort);
        doors.push(door);
        chosenPort = portOf(door);
      }
      // Only a server that listens by itself looks after the timeouts of its requests.
      await app.listen({ host: first!, port: chosenPort, backlog: BACKLOG });
      return { port: portOf(app.server), addresses, close: () => close([app.server, ...doors]) };
    } catch (error) {
      close(doors);
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || port !== 0 || tries === PORT_TRIES) throw error;
    }
  }
}

/** Those of some addresses that this machine can listen at: hosts files name `::1` also where there is no IPv6. */
async function ownAddresses(addresses: readonly string[]): Promise<readonly string[]> {
  const tried = await Promise.allSettled(addresses.map((address) => listen(createServer(), address, 0)));
  for (const door of tried) if (door.status === 'fulfilled') door.value.close();
  const own = addresses.filter((_address, index) => tried[index]!.status === 'fulfilled');
  return own.length === 0 ? addresses : own;
}

/** Listens at one more address, and hands what connects there to the app's own server. */
function openDoor({ server }: FastifyInstance, address: string, port: number): Promise<Server> {
  // Sockets are to be as those of the server itself, and each protocol has its own kind.
  const { allowHalfOpen, noDelay } = server as object as { allowHalfOpen: boolean; noDelay: boolean };
  const door = createServer({ allowHalfOpen, noDelay }, (socket: Socket) => {
    server.emit('connection', socket);
  });
  return listen(door, address, port);
}

async function listen(server: Server, host: string, port: number): Promise<Server> {
  server.listen({ host, port, backlog: BACKLOG });
  await once(server, 'listening');
  return server;
}

function close(servers: readonly Server[]): void {
  for (const server of servers) server.close();
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
