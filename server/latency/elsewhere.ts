import { median } from 'simple-statistics';
import { Client } from 'undici';
import type { ServerElsewhere } from '../../harness/model/target.ts';
import type { Stats } from './observations.ts';
import type { Trace } from './trace.ts';
import { VERSION } from './version.ts';

/** The number of requests that test whether a server holds as long as requested. */
const PROBES = 20;
const PROBE_MS = 20;
/** A server whose median hold is late by more than this is too busy for measuring. */
const LATE_MS = 5;
const PROBE_RUN = 'probe';
/** The time limit of each answer. */
const PATIENCE_MS = 10_000;

/** Checks a latency server that already runs, here or on another machine: same release, idle, precise holds. */
export const elsewhere: ServerElsewhere = {
  example: 'http://10.0.0.2:8000',
  originOf({ protocol, pathname, search, username, origin }) {
    return protocol === 'http:' && pathname === '/' && search === '' && username === '' ? origin : null;
  },
  async check(origin) {
    const client = new Client(origin, { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
    try {
      return await checkServer(async (method, path) => {
        const { statusCode, body } = await client.request({ method, path });
        const text = await body.text();
        if (statusCode >= 300) throw new Error(`it answered ${statusCode} to ${method} ${path}`);
        return text === '' ? null : JSON.parse(text);
      });
    } finally {
      await client.destroy();
    }
  },
};

/** The answer of `GET /stats`; other releases may leave out any field. */
type Told = Partial<Stats> & {
  readonly version?: string;
  readonly settings?: Readonly<Record<string, number | string>>;
};

type Ask = (method: 'GET' | 'DELETE', path: string) => Promise<unknown>;

/** Both clocks are used for durations only, so they need not agree. */
async function checkServer(ask: Ask): ReturnType<ServerElsewhere['check']> {
  const { version, settings, inFlight } = (await ask('GET', '/stats')) as Told;
  if (version !== VERSION)
    throw new Error(`it is release ${version ?? 'unknown'}, and this is release ${VERSION}`);
  if (inFlight !== 0) throw new Error(`it has ${inFlight} requests of another client in flight`);
  await ask('DELETE', '/stats');
  const waitedMs: number[] = [];
  for (let job = 0; job < PROBES; job++) {
    const startMs = performance.now();
    await ask('GET', `/delay/${PROBE_MS}?job=${job}&run=${PROBE_RUN}`);
    waitedMs.push(performance.now() - startMs);
  }
  checkHolds((await ask('GET', '/trace')) as Trace, waitedMs);
  return { version, ...(settings === undefined ? {} : { settings }) };
}

function checkHolds({ requests }: Trace, waitedMs: readonly number[]): void {
  const heldMs = requests
    .filter(({ run }) => run === PROBE_RUN)
    .map(({ arrivedMs, releasedMs }) => (releasedMs ?? Number.NaN) - arrivedMs);
  if (heldMs.length !== PROBES) throw new Error(`it saw ${heldMs.length} of ${PROBES} requests`);
  if (!heldMs.every((ms, index) => ms >= PROBE_MS && ms <= waitedMs[index]!))
    throw new Error('it held a request for less than the requested time, or for longer than the answer took');
  const lateMs = median(heldMs) - PROBE_MS;
  if (lateMs > LATE_MS) throw new Error(`it is ${lateMs.toFixed(1)} ms late, so its machine is too busy`);
}
