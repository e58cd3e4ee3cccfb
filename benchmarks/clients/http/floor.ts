import type { HttpClient } from '../http-client.ts';
import { openSockets } from '../sockets.ts';

/** Sockets by hand: a reference for the other clients, not a recommendation. */
const floor: HttpClient = {
  id: 'floor',
  floor: true,
  async open(origin, connections) {
    const sockets = await openSockets(origin, connections);
    return { get: sockets.get, close: async () => sockets.close() };
  },
  async getByDefault(url) {
    const { origin, pathname, search } = new URL(url);
    const sockets = await openSockets(origin, 1);
    try {
      return await sockets.get(pathname + search);
    } finally {
      sockets.close();
    }
  },
};

export default [floor];
