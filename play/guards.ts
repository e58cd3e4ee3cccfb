import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is turned away. */
export interface Refusal {
  readonly status: number;
  /** One sentence. */
  readonly error: string;
}

/** What of a request counts. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The port that it came to. */
  readonly port: number;
}

/**
 * Says why a request is not from this machine's own page, or null: another site in the same browser must neither start
 * load here nor read anything, whatever its name resolves to.
 */
export function whyRefused({ method, url, headers, port }: Asked): Refusal | null {
  const { host = '', origin } = headers;
  // As URLs have it, without the port where that is 80.
  const own = ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`).host);
  if (!own.includes(host))
    return { status: 403, error: `This page is at http://${own[0]} and nowhere else.` };
  if (origin !== undefined && origin !== `http://${host}`)
    return { status: 403, error: 'Another site may ask for nothing here.' };
  // What a page embeds or fetches without CORS has no Origin; following a link to the page is all right.
  const site = headers['sec-fetch-site'];
  if (url !== '/' && site !== undefined && site !== 'same-origin' && site !== 'none')
    return { status: 403, error: 'Another site may ask for nothing here.' };
  if (method === 'GET' || method === 'HEAD') return null;
  if (origin === undefined)
    return {
      status: 403,
      error: `Only the page at http://${host} may ask for this, and it says so by its Origin.`,
    };
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json')
    return { status: 415, error: 'The body must be JSON, with content-type application/json.' };
  return null;
}
