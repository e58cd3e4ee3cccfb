/** The fetch of Node, Bun or Deno. */
import process from 'node:process';
import { type Client, type Connections, checkStatus } from './client.ts';
import type { Setting } from './conversation.ts';

/** Bun's limit of requests in flight; without this variable it is 256. */
const BUN_LIMIT = 'BUN_CONFIG_MAX_HTTP_REQUESTS';
const BUN_DEFAULT_LIMIT = '256';
/** The idle connections that Bun keeps; no option changes it. */
const BUN_IDLE = '64';

/** Where Node keeps the agent of its fetch: first in newer lines, then in older ones. */
const PLACES = ['undici.globalDispatcher.2', 'undici.globalDispatcher.1'].map((name) => Symbol.for(name));

const { bun, deno } = process.versions as Record<string, string | undefined>;

export const fetchClient: Client = {
  name: 'fetch',
  versions: {},
  settings: bun === undefined ? [] : settingsOfBun(),
  ...reconnecting(),
  connect,
};

function reconnecting(): Pick<Client, 'reconnects'> {
  if (deno !== undefined) return {};
  return {
    reconnects:
      bun === undefined
        ? "Node's fetch opens a connection for a request that comes before the last answer has freed its connection."
        : `Bun's fetch keeps ${BUN_IDLE} idle connections, and opens the others anew.`,
  };
}

function settingsOfBun(): Setting[] {
  const limit = process.env[BUN_LIMIT];
  const raised = 'Only the strategy should limit the requests in flight.';
  return [
    limit === undefined
      ? { name: BUN_LIMIT, value: BUN_DEFAULT_LIMIT }
      : { name: BUN_LIMIT, value: limit, default: BUN_DEFAULT_LIMIT, why: raised },
    { name: 'idle connections', value: BUN_IDLE },
  ];
}

function connect(origin: string, connections: number): Connections {
  const agent = bun === undefined && deno === undefined ? ownAgent() : undefined;
  const dispatching = agent === undefined ? {} : ({ dispatcher: agent } as object);
  const request = async (path: string, options: object): Promise<string> => {
    const response = await fetch(origin + path, { ...options, ...dispatching });
    checkStatus(response.status, path);
    return response.text();
  };
  return {
    get: (path) => request(path, {}),
    async post(path, body) {
      await request(path, { method: 'POST', body });
    },
    async close() {
      if (agent !== undefined) return agent.close();
      // Bun and Deno have nothing to close, so each connection carries a last request.
      const last = { headers: { connection: 'close' } };
      await Promise.all(Array.from({ length: connections }, () => request('/delay/1', last)));
    },
  };
}

/** An agent as Node's fetch has it, but of one session alone, since the agent of the process must stay open. */
function ownAgent(): { close(): Promise<void> } {
  // Node creates its agent on first use.
  void globalThis.Response;
  const shared = PLACES.map((place) => Reflect.get(globalThis, place) as object | undefined);
  const agent = shared.find((one) => one !== undefined)!;
  return Reflect.construct(agent.constructor, []);
}
