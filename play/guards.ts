import type { IncomingHttpHeaders } from 'node:http';

/** Why a request is refused. */
export interface Refusal {
  readonly status: number;
  /** One sentence. */
  readonly error: string;
}

/** The parts of a request that the check reads. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The port that received it. */
  readonly port: number;
}

/**
 * Refuses requests that do not come from the app's own page. Another site in the same browser must neither start load here
 * nor read data, even if its name resolves to this machine.
 */
export function whyRefused({ method, url, headers, port }: Asked): Refusal | null {
  const { host = '', origin } = headers;
  // URL leaves out port 80, as browsers do.
  const own = ['127.0.0.1', 'localhost'].map((name) => new URL(`http://${name}:${port}`).host);
  if (!own.includes(host))
    return { status: 403, error: `This page is at http://${own[0]} and nowhere else.` };
  if (origin !== undefined && origin !== `http://${host}`)
    return { status: 403, error: 'Another site may ask for nothing here.' };
  // Embedded resources and fetches without CORS have no Origin; links to the page are allowed.
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
