import { maxHeaderSize } from 'node:http';
import { MAX_DELAY_MS } from './parameters.ts';

/** A GET of `/delay/:ms` with no other parameters than `job` and `run`, and without anything else to know about it. */
export interface PlainRequest {
  readonly ms: number;
  readonly query: { readonly job?: number; readonly run?: string };
  /** Where the next request begins in the text. */
  readonly end: number;
}

/** The characters of a name that need no decoding, and those of ASCII that are encoded. */
const RUN = /(?:[\w.~!*'()/@:,-]|%[2-7][\dA-Fa-f]){0,300}/;
/** The query has the order in which our own clients write it. */
const REQUEST_LINE = new RegExp(
  `GET /delay/(\\d{1,6}(?:\\.\\d{1,6})?)(?:\\?job=(\\d{1,15})(?:&run=(${RUN.source}))?)? HTTP/1\\.1\\r\\n`,
  'y',
);
const HEADERS = /^(?:[\w-]+:[\t -~]*\r\n)+$/;
const HOST = /^host:[ \t]*[!-~]/im;
/** Headers that change what is read or how it is answered. */
const UNUSUAL =
  /^(?:connection(?!: ?keep-alive\r$)|content-length|expect|proxy-connection|transfer-encoding|upgrade)/im;
const LINE_END = '\r\n';
const HEAD_END = LINE_END + LINE_END;

/**
 * Makes a function that reads plain requests.
 *
 * @returns a function of a text and of where a request begins in it; it returns null if that request is not plain, not
 *   whole or not valid, all of which a real parser has to tell
 */
export function createPlainReader(): (text: string, at: number) => PlainRequest | null {
  // Requests of one client hardly differ, so that a comparison mostly takes the place of checking and decoding.
  let knownHeaders = '';
  let knownRun = { encoded: '', name: '' };
  const arePlain = (headers: string) => {
    if (headers === knownHeaders) return true;
    if (!HEADERS.test(headers) || !HOST.test(headers) || UNUSUAL.test(headers)) return false;
    knownHeaders = headers;
    return true;
  };
  const nameOf = (encoded: string) => {
    if (encoded !== knownRun.encoded) knownRun = { encoded, name: decodeURIComponent(encoded) };
    return knownRun.name;
  };
  return (text, at) => {
    REQUEST_LINE.lastIndex = at;
    const line = REQUEST_LINE.exec(text);
    if (line === null) return null;
    const [, ms, job, run] = line;
    const end = text.indexOf(HEAD_END, REQUEST_LINE.lastIndex) + HEAD_END.length;
    if (end < HEAD_END.length || end - at > maxHeaderSize || Number(ms) > MAX_DELAY_MS) return null;
    if (!arePlain(text.slice(REQUEST_LINE.lastIndex, end - LINE_END.length))) return null;
    const query = {
      ...(job === undefined ? {} : { job: Number(job) }),
      ...(run === undefined ? {} : { run: nameOf(run) }),
    };
    return { ms: Number(ms), query, end };
  };
}
