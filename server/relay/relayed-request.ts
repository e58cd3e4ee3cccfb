/** What the path of a request to the relay says: `/job/JOB/RUN/…` names a job, `/base/RUN/…` leaves jobs to the order of arrival. */

/** A request that goes on to the service. */
export interface RelayedRequest {
  /** Null below a base URL. */
  readonly job: number | null;
  /** The name of its sample. */
  readonly run: string;
  /** The path at the service, with its query. */
  readonly path: string;
}

const JOB = /^\/job\/(\d{1,15})\/([^/?]+)([/?].*)?$/;
const BASE = /^\/base\/([^/?]+)([/?].*)?$/;

/** Reads the path of a request; null if it names no sample. */
export function readRelayed(path: string): RelayedRequest | null {
  const [, job, run, rest] = JOB.exec(path) ?? [];
  if (run !== undefined) return named(Number(job), run, rest);
  const [, runOfBase, restOfBase] = BASE.exec(path) ?? [];
  return runOfBase === undefined ? null : named(null, runOfBase, restOfBase);
}

function named(job: number | null, run: string, rest = '/'): RelayedRequest | null {
  try {
    return { job, run: decodeURIComponent(run), path: rest.startsWith('/') ? rest : `/${rest}` };
  } catch {
    return null;
  }
}
