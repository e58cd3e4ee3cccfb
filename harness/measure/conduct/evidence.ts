import type { Batch } from '../../model/job.ts';
import type { Evidence, Holds, Witness } from '../../model/target.ts';

/**
 * What the target saw of a sample: reported by its witness or, if its kind has no witness, read from its answers.
 *
 * @param run the sample's name
 * @param batch the batch that received the answers
 * @throws if neither reports anything, or the witness gets no answer
 */
export async function collectEvidence(
  run: string,
  witness: Witness | null,
  batch?: Pick<Batch, 'evidence'>,
): Promise<Evidence> {
  const evidence = witness === null ? batch?.evidence?.() : await witness.evidence();
  if (evidence === undefined)
    throw new Error(
      `${run}: what the target saw is unknown: its kind has no witness, and the batch has no evidence.`,
    );
  return evidence;
}

/** How long the requests were held, without their time in the queue. */
export function holdsOf({ requests }: Pick<Evidence, 'requests'>): Holds {
  let shortestMs = Number.POSITIVE_INFINITY;
  let longestMs = 0;
  let totalMs = 0;
  for (const { arrivedMs, startedMs, releasedMs } of requests) {
    const fromMs = startedMs ?? arrivedMs;
    const holdMs = (releasedMs ?? fromMs) - fromMs;
    shortestMs = Math.min(shortestMs, holdMs);
    longestMs = Math.max(longestMs, holdMs);
    totalMs += holdMs;
  }
  return { shortestMs: requests.length === 0 ? 0 : shortestMs, longestMs, totalMs };
}

/** The most requests in flight: counted by the target, or computed from the times of arrival and release. */
export function peakInFlightOf({ peakInFlight, requests }: Evidence): number {
  if (peakInFlight !== undefined) return peakInFlight;
  const changes = requests.flatMap(({ arrivedMs, releasedMs }) => [
    { atMs: arrivedMs, by: 1 },
    { atMs: releasedMs ?? Number.POSITIVE_INFINITY, by: -1 },
  ]);
  // If one request is released in the moment that another arrives, the release counts first.
  changes.sort((one, other) => one.atMs - other.atMs || one.by - other.by);
  let inFlight = 0;
  let peak = 0;
  for (const { by } of changes) {
    inFlight += by;
    peak = Math.max(peak, inFlight);
  }
  return peak;
}
