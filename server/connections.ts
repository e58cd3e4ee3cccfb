import type { Socket } from 'node:net';

/** One TCP connection, whatever protocol it carries. */
export interface Connection {
  /** From 1, in the order of opening. */
  readonly number: number;
  /** Ends it by a RST packet: the client's next read fails with ECONNRESET. */
  reset(): void;
  /** Ends it by a FIN packet once what was written is out. */
  end(): void;
}

/** Every connection of a server. */
export interface Connections {
  add(socket: Socket): void;
  /** The one that a request came over; a request of a connection that is gone gets one that does nothing. */
  of(remotePort: number | undefined): Connection;
  opened(): number;
  open(): number;
  endAll(): void;
  resetAll(): void;
  /** Counts opened ones from zero again; numbers go on. */
  forget(): void;
}

const GONE: Connection = { number: 0, reset() {}, end() {} };

export function createConnections(): Connections {
  // By the client's port: requests over TLS and HTTP/2 know only that of their TCP socket.
  const byPort = new Map<number, Connection>();
  let number = 0;
  let opened = 0;
  return {
    add(socket) {
      const port = socket.remotePort;
      if (port === undefined) return;
      number += 1;
      opened += 1;
      const connection: Connection = {
        number,
        reset: () => void socket.resetAndDestroy(),
        end: () => void socket.destroySoon(),
      };
      byPort.set(port, connection);
      socket.once('close', () => {
        if (byPort.get(port) === connection) byPort.delete(port);
      });
    },
    of: (remotePort) => byPort.get(remotePort ?? -1) ?? GONE,
    opened: () => opened,
    open: () => byPort.size,
    endAll() {
      for (const connection of byPort.values()) connection.end();
    },
    resetAll() {
      for (const connection of byPort.values()) connection.reset();
    },
    forget() {
      opened = 0;
    },
  };
}
