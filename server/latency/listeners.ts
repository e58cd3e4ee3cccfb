import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { type AddressInfo, createServer, isIP, type Server, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/**
 * The number of connections that may wait to be accepted. With a shorter backlog, bursts lose SYNs. Clients resend them
 * after a full second, and the measured curve jumps by that second.
 */
const BACKLOG = 4096;
/** How often another port is tried: a port that is free at one address may be taken at another. */
const PORT_TRIES = 20;

/** Finds all addresses of a name. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/** The listening sockets of a server. */
export interface Listeners {
  readonly port: number;
  readonly addresses: readonly string[];
  /** Refuses new connections; open connections stay. */
  close(): void;
}

/** All addresses of a name on this machine, in the order of its resolver. */
export const lookupAll: Lookup = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Listens at every address of a host, at one port. All connections belong to the app's only server, for any protocol:
 * fastify would make a second server for a second address of localhost, which cannot be counted or closed.
 *
 * @param port 0 lets the system pick one that is free at each address
 * @param find looks up the addresses of a name; addresses that this machine does not have are skipped
 * @throws the errors of listening, for example if the port is taken at one address, and of the lookup
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
      // Only a server that listens itself enforces the timeouts of its requests.
      await app.listen({ host: first!, port: chosenPort, backlog: BACKLOG });
      return { port: portOf(app.server), addresses, close: () => close([app.server, ...doors]) };
    } catch (error) {
      close(doors);
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!taken || port !== 0 || tries === PORT_TRIES) throw error;
    }
  }
}

/** The addresses that this machine can listen at: hosts files contain `::1` even without IPv6. */
async function ownAddresses(addresses: readonly string[]): Promise<readonly string[]> {
  const tried = await Promise.allSettled(addresses.map((address) => listen(createServer(), address, 0)));
  for (const door of tried) if (door.status === 'fulfilled') door.value.close();
  const own = addresses.filter((_address, index) => tried[index]!.status === 'fulfilled');
  return own.length === 0 ? addresses : own;
}

/** Listens at one more address and passes its connections to the app's server. */
function openDoor({ server }: FastifyInstance, address: string, port: number): Promise<Server> {
  // Sockets need the same options as those of the app's server, which depend on the protocol.
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
