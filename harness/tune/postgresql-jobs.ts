/** Jobs that run a query: one connection of PostgreSQL for each slot, as in a pool of that size. */
import type { Client } from 'pg';
import { installText, missingPackage } from '../installation.ts';
import {
  failureOf,
  type JobSource,
  type Outcome,
  reasonOf,
  type Work,
  WorkError,
  whyUnreachable,
} from './job-source.ts';

type DatabaseWork = Extract<Work, { kind: 'postgresql' }>;

/** `too_many_connections`, in PostgreSQL's list of error codes. */
const TOO_MANY = '53300';

/**
 * Connects and runs the query once.
 *
 * @throws WorkError if the database cannot be reached, or the query fails
 */
export async function openPostgresqlJobs({ url, query }: DatabaseWork): Promise<JobSource> {
  const { Client: PgClient } = await loadPg();
  const clients: Client[] = [];
  const connect = async (): Promise<Client> => {
    const client = new PgClient({ connectionString: url });
    // The next query reports a connection that broke while idle.
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const close = async () => {
    await Promise.allSettled(clients.map((client) => client.end()));
  };
  const { host } = new URL(url);
  try {
    clients.push(await connect());
    await clients[0]!.query(query);
  } catch (error) {
    await close();
    const why = whyUnreachable(error, host) ?? `The database at ${host} refuses: ${reasonOf(error)}.`;
    throw new WorkError(why);
  }
  return {
    close,
    async warm(limit) {
      for (let slot = clients.length; slot < limit; slot++)
        try {
          clients.push(await connect());
        } catch (error) {
          return outcomeOf(error);
        }
      return { kind: 'ok' };
    },
    async run(slot, signal) {
      // A query in flight ends with its connection.
      const leave = () => void clients[slot]?.end().catch(() => {});
      signal.addEventListener('abort', leave, { once: true });
      try {
        await clients[slot]!.query(query);
        return { kind: 'ok' };
      } catch (error) {
        return outcomeOf(error);
      } finally {
        signal.removeEventListener('abort', leave);
      }
    },
  };
}

function outcomeOf(error: unknown): Outcome {
  const { code } = error as { code?: string };
  if (code !== TOO_MANY) return failureOf(error);
  const refusal = { what: 'too many connections', byRate: false, waitMs: 0 };
  return { kind: 'refused', why: reasonOf(error), refusal };
}

async function loadPg(): Promise<{ Client: typeof Client }> {
  try {
    return (await import('pg')).default;
  } catch (error) {
    if (missingPackage(error) === undefined) throw error;
    throw new WorkError(`There is no client of PostgreSQL here; ${installText('pg')} adds it.`);
  }
}
