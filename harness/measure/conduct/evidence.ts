import type { Batch } from '../../model/job.ts';
import type { Evidence, Holds, Witness } from '../../model/target.ts';

/**
 * What the target saw of a sample: as its witness tells, or from its answers where it has none.
 *
 * @param run the sample's name
 * @param batch what got the answers
 * @throws where nobody tells, or the witness gets no answer
 */
export async function collectEvidence(
  run: string,
  witness: Witness | null,
  batch?: Pick<Batch, 'evidence'>,
): Promise<Evidence> {
  const evidence = witness === null ? batch?.evidence?.() : await witness.evidence();
  if (evidence === undefined)
    throw new Error(
      `${run}: nobody tells what the target saw: its kind has no witness, and the batch no evidence.`,
    );
  return evidence;
}

/** How long the requests were held, the wait for their turn left out. */
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

/** How many requests were in flight at most: as the target counted them, or as follows from when they came and left. */
export function peakInFlightOf({ peakInFlight, requests }: Evidence): number {
  if (peakInFlight !== undefined) return peakInFlight;
  const changes = requests.flatMap(({ arrivedMs, releasedMs }) => [
    { atMs: arrivedMs, by: 1 },
    { atMs: releasedMs ?? Number.POSITIVE_INFINITY, by: -1 },
  ]);
  // Whoever leaves at the same moment as another comes, leaves first.
  changes.sort((one, other) => one.atMs - other.atMs || one.by - other.by);
  let inFlight = 0;
  let peak = 0;
  for (const { by } of changes) {
    inFlight += by;
    peak = Math.max(peak, inFlight);
  }
  return peak;
}
