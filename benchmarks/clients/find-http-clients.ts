import { join } from 'node:path';
import { modulesIn } from '../../harness/folder-modules.ts';
import type { HttpClient } from './http-client.ts';

const FOLDER = join(import.meta.dirname, 'http');
/** The libraries whose rows come first in tables and charts. */
const FIRST = ['undici', 'node', 'floor'];

/**
 * Finds the HTTP clients: each file of the folder is one library, whose default export lists its clients. The library
 * itself is imported when one of them is opened.
 *
 * @param folder by default `http/` next to this file; replaced in tests only
 * @throws if a file has no such list
 */
export async function findHttpClients(folder = FOLDER): Promise<HttpClient[]> {
  const lists = modulesIn(folder, FIRST).map(async ({ file, load }) => {
    const clients = await load();
    if (Array.isArray(clients) && clients.length > 0 && clients.every(isClient)) return clients;
    throw new Error(
      `${file} has no list of HTTP clients as its default export; each has id, open and getByDefault.`,
    );
  });
  return (await Promise.all(lists)).flat();
}

function isClient(value: unknown): value is HttpClient {
  const { id, open, getByDefault } = (value ?? {}) as Partial<HttpClient>;
  return typeof id === 'string' && typeof open === 'function' && typeof getByDefault === 'function';
}
