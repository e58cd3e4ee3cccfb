/** A kind of work to find a limit for: an address, a function or a database. */
import type { Refusal } from './steps.ts';

/** How a job ended. */
export type Outcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly why: string; readonly exhausted?: string }
  | { readonly kind: 'refused'; readonly why: string; readonly refusal: Refusal };

/** Jobs of one kind, in the process that generates load. */
export interface JobSource {
  /** Opens the connections that `limit` slots need, without sending a job where that is possible. */
  warm(limit: number): Promise<Outcome>;
  /**
   * Runs one job; it never rejects.
   *
   * @param slot from 0, below the limit; a slot has one job at a time
   * @param signal aborts the job
   */
  run(slot: number, signal: AbortSignal): Promise<Outcome>;
  /** Puts everything away. */
  close(): Promise<void>;
}

/** What to send, as plain data. */
export type Work =
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | null;
    }
  | { readonly kind: 'module'; readonly file: string; readonly name: string }
  | { readonly kind: 'postgresql'; readonly url: string; readonly query: string };

/** Work that cannot be used; the message is one sentence. */
export class WorkError extends Error {}

const FILES = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'EAGAIN']);
const TRUST =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|CERT_.*|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_.*|EPROTO)$/;

/** The codes of an error and of its causes. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code, cause, errors } = error as Error & { code?: unknown; errors?: unknown[] };
  const inner = Array.isArray(errors) ? errors.flatMap(codesOf) : [];
  return [...(typeof code === 'string' ? [code] : []), ...inner, ...codesOf(cause)];
}

/** What an error says, with the innermost cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, errors } = error as Error & { errors?: unknown[] };
  if (cause instanceof Error) return reasonOf(cause);
  const [first] = Array.isArray(errors) ? errors : [];
  const own = error.message === '' && first !== undefined ? reasonOf(first) : error.message;
  return (own || error.name).split('\n')[0]!.replace(/\.$/, '');
}

/** The outcome of a job that threw. */
export function failureOf(error: unknown): Outcome {
  const exhausted = codesOf(error).find((code) => FILES.has(code));
  return { kind: 'failed', why: reasonOf(error), ...(exhausted === undefined ? {} : { exhausted }) };
}

/** Why an address cannot be reached at all, as one sentence; null if the error is of another kind. */
export function whyUnreachable(error: unknown, place: string): string | null {
  const codes = codesOf(error);
  if (codes.includes('ECONNREFUSED')) return `Nothing listens at ${place}; start the server first.`;
  if (codes.includes('ENOTFOUND') || codes.includes('EAI_AGAIN'))
    return `There is no host of that name: ${place}.`;
  const distrust = codes.find((code) => TRUST.test(code));
  if (distrust !== undefined)
    return `The certificate of ${place} is not trusted (${distrust}); NODE_EXTRA_CA_CERTS=FILE adds one that is.`;
  return null;
}
