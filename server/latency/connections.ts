import type { Socket } from 'node:net';

/** One TCP connection, whatever protocol it carries. */
export interface Connection {
  /** From 1, in the order of opening. */
  readonly number: number;
  /** The number of the last period between two resets of the stats in which it carried a request; 0 before the first. */
  usedInPeriod: number;
  /** Resets it with a RST packet: the client's next read fails with ECONNRESET. */
  reset(): void;
  /** Closes it with a FIN packet once all written data is sent. */
  end(): void;
  /** Called once it is closed: Node 22 does not tell this to answers that wait for earlier ones on the connection. */
  readonly onClose: Set<() => void>;
}

/** Both ends of a connection; requests over TLS and HTTP/2 know those of their TCP socket. */
export type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localAddress'>;

/** Every connection of a server. */
export interface Connections {
  add(socket: Socket): Connection;
  /** The connection of a request; if it is already closed, an object whose methods do nothing. */
  of(socket: Ends): Connection;
  opened(): number;
  open(): number;
  /** Whether the end of an answer is still being sent. */
  answering(): boolean;
  endAll(): void;
  resetAll(): void;
  /** Resets the count of opened connections; numbers of connections continue. */
  forget(): void;
}

/** A new object per call, since a shared `onClose` would grow without end. */
const gone = (): Connection => ({ number: 0, usedInPeriod: 0, reset() {}, end() {}, onClose: new Set() });

/** A client may use the same port for connections to several of our addresses. */
function endsOf({ remoteAddress, remotePort, localAddress }: Ends): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}

/** @param secure whether requests come over another socket than the TCP socket of their connection */
export function createConnections(secure: boolean): Connections {
  const keyOf = secure ? endsOf : (socket: Ends) => socket;
  const byKey = new Map<string | Ends, Connection>();
  let number = 0;
  let opened = 0;
  return {
    add(socket) {
      const key = keyOf(socket);
      number += 1;
      opened += 1;
      const connection: Connection = {
        number,
        usedInPeriod: 0,
        reset: () => void socket.resetAndDestroy(),
        end: () => void socket.destroySoon(),
        onClose: new Set(),
      };
      byKey.set(key, connection);
      socket.once('close', () => {
        if (byKey.get(key) === connection) byKey.delete(key);
        for (const closed of connection.onClose) closed();
      });
      return connection;
    },
    of: (socket) => byKey.get(keyOf(socket)) ?? gone(),
    opened: () => opened,
    open: () => byKey.size,
    answering: () => byKey.values().some(({ onClose }) => onClose.size > 0),
    endAll() {
      for (const connection of byKey.values()) connection.end();
    },
    resetAll() {
      for (const connection of byKey.values()) connection.reset();
    },
    forget() {
      opened = 0;
    },
  };
}
