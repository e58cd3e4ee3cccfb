/** What a command line asks to tune: an address, a database or a module. */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Work, WorkError } from './job-source.ts';

/** The options that say how work is sent. */
export interface Sending {
  readonly query?: string | undefined;
  readonly method?: string | undefined;
  readonly header?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** Names the tool. */
  readonly userAgent: string;
}

/** Work with its host; null for a module, whose host is not known before it runs. */
export interface NamedWork {
  readonly work: Work;
  readonly host: string | null;
  /** For people: without a password, and without the query of an address. */
  readonly name: string;
}

/**
 * Reads what to tune.
 *
 * @param text an address with http, https or postgresql, or the path of a module
 * @throws WorkError, one sentence, if it is neither, or if an option does not fit it
 */
export function workOf(text: string, sending: Sending): NamedWork {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return moduleOf(text, sending);
  const url = URL.parse(text);
  if (url === null || url.hostname === '') throw new WorkError(`${text} is not an address.`);
  if (scheme === 'http' || scheme === 'https') return httpOf(url, sending);
  if (scheme === 'postgresql' || scheme === 'postgres') return databaseOf(url, text, sending);
  throw new WorkError(
    `${scheme}:// is not known here; give http, https, postgresql, or the path of a module.`,
  );
}

function httpOf(url: URL, { query, method = 'GET', header = {}, body, userAgent }: Sending): NamedWork {
  if (query !== undefined) throw new WorkError('--query goes with a postgresql:// address.');
  if (url.username !== '' || url.password !== '')
    throw new WorkError('An address must not have a password in it; give --header "authorization: …".');
  url.hash = '';
  const headers = { 'user-agent': userAgent, ...header };
  return {
    work: { kind: 'http', url: url.href, method, headers, body: body ?? null },
    host: url.hostname,
    name: `${url.origin}${url.pathname}`,
  };
}

function databaseOf(url: URL, text: string, { query, ...rest }: Sending): NamedWork {
  refuseHttpOptions(rest, 'an http:// address');
  if (query === undefined) throw new WorkError("A database needs --query, as --query 'select 1'.");
  return {
    work: { kind: 'postgresql', url: text, query },
    host: url.hostname,
    name: `postgresql://${url.host}${url.pathname}`,
  };
}

function moduleOf(text: string, { query, ...rest }: Sending): NamedWork {
  if (query !== undefined) throw new WorkError('--query goes with a postgresql:// address.');
  refuseHttpOptions(rest, 'an http:// address');
  const file = resolve(text);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new WorkError(`${text} is neither an address, as http://127.0.0.1:8000/, nor a file.`);
  return { work: { kind: 'module', file, name: text }, host: null, name: text };
}

function refuseHttpOptions({ method, header, body }: Omit<Sending, 'query'>, what: string): void {
  if (method !== undefined || header !== undefined || body !== undefined)
    throw new WorkError(`--method, --header and --body go with ${what}.`);
}
