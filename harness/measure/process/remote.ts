import { median } from 'simple-statistics';
import { Client } from 'undici';
import { VERSION } from '../../../server/latency/version.ts';
import type { TargetOptions } from '../../model/target.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { TargetStats, TargetTrace } from './target.ts';
import type { ProxyChoice } from './variables.ts';

/** So many requests tell whether a server holds as long as it is asked to. */
const PROBES = 20;
const PROBE_MS = 20;
/** A server that is later than this in the median is too busy to be waited on. */
const LATE_MS = 5;
const PROBE_RUN = 'probe';
/** How long it may take to answer at all. */
const PATIENCE_MS = 10_000;

/** This machine, by the names of it that a URL can have. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** A latency server that somebody started, here or on another machine. */
export type RemoteTarget = NonNullable<RunRecord['remote']>;

/**
 * Makes sure that a latency server of this release is there and holds as long as it is asked to. Both clocks are read
 * for durations alone, so that they need not agree.
 *
 * @param url as in `http://10.0.0.2:8000`
 * @param choice whether clients may go through a proxy to get there
 * @throws in one sentence where it is none, is another release, is too late, or is here and not to be reached by a proxy
 */
export async function checkRemoteTarget(
  url: string,
  { keepProxy = false }: ProxyChoice = {},
): Promise<RemoteTarget> {
  const origin = originOf(url);
  if (keepProxy && LOOPBACK.test(new URL(origin).hostname))
    throw new Error(`--keep-proxy is for a --target on another machine; ${origin} is this one.`);
  const client = new Client(origin, { headersTimeout: PATIENCE_MS, bodyTimeout: PATIENCE_MS });
  const ask = async (method: 'GET' | 'DELETE', path: string): Promise<unknown> => {
    const { statusCode, body } = await client.request({ method, path });
    const text = await body.text();
    if (statusCode >= 300) throw new Error(`it answered ${statusCode} to ${method} ${path}`);
    return text === '' ? null : JSON.parse(text);
  };
  try {
    const stats = (await ask('GET', '/stats')) as Partial<TargetStats> & { version?: string };
    const { version, settings, inFlight } = stats;
    if (version !== VERSION) throw new Error(`it is release ${version ?? 'unknown'} and this is ${VERSION}`);
    if (inFlight !== 0) throw new Error(`it has ${inFlight} requests of somebody else in flight`);
    await ask('DELETE', '/stats');
    const waitedMs: number[] = [];
    for (let job = 0; job < PROBES; job++) {
      const startMs = performance.now();
      await ask('GET', `/delay/${PROBE_MS}?job=${job}&run=${PROBE_RUN}`);
      waitedMs.push(performance.now() - startMs);
    }
    checkHolds((await ask('GET', '/trace')) as TargetTrace, waitedMs);
    return {
      origin,
      version,
      ...(keepProxy ? { keepProxy } : {}),
      ...(settings === undefined ? {} : { settings: { ...settings } }),
    };
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    throw new Error(`--target ${url} cannot be measured against: ${message || code}.`);
  } finally {
    await client.destroy();
  }
}

/** Whether the work of an experiment can be waited for on a server that is as it is. */
export function suitsRemote(targets: Readonly<Record<string, TargetOptions>>): boolean {
  const all = Object.values(targets);
  return all.length === 1 && Object.keys(all[0]!).length === 0;
}

function originOf(url: string): string {
  const parsed = URL.parse(url);
  if (
    parsed?.protocol !== 'http:' ||
    parsed.pathname !== '/' ||
    parsed.search !== '' ||
    parsed.username !== ''
  )
    throw new Error(
      `--target must be the address of a latency server, as http://10.0.0.2:8000, and not ${url}.`,
    );
  return parsed.origin;
}

function checkHolds({ requests }: TargetTrace, waitedMs: readonly number[]): void {
  const heldMs = requests
    .filter(({ run }) => run === PROBE_RUN)
    .map(({ arrivedMs, releasedMs }) => (releasedMs ?? Number.NaN) - arrivedMs);
  if (heldMs.length !== PROBES) throw new Error(`it saw ${heldMs.length} of ${PROBES} requests`);
  if (!heldMs.every((ms, index) => ms >= PROBE_MS && ms <= waitedMs[index]!))
    throw new Error('it held a request shorter than asked, or longer than it took to be answered');
  const lateMs = median(heldMs) - PROBE_MS;
  if (lateMs > LATE_MS)
    throw new Error(`it is ${lateMs.toFixed(1)} ms late, so that its machine is too busy`);
}
