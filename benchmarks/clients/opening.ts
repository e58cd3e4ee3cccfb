/** A request is held for so long at first, so that most machines need one try. */
const holdMsFor = (connections: number) => 10 + 2 * connections;
/** A machine that needs longer holds than this is not one to measure on. */
const LONGEST_HOLD_MS = 10_000;

/**
 * Opens connections by as many requests at once. They were all open at the same time if the burst took less than twice
 * the hold: then the last request arrived before the first was answered. Otherwise the burst is sent again, and
 * held longer: a busy machine sends so slowly that early answers free connections for late requests.
 *
 * @param connections how many
 * @param request sends one that the target holds for so many ms, over a connection that takes no other meanwhile
 * @returns the answers of the last burst
 * @throws what a request throws, once all of its burst have ended; Error where the machine is too slow
 */
export async function openAtOnce<Answer>(
  connections: number,
  request: (holdMs: number) => Promise<Answer>,
): Promise<Answer[]> {
  for (let holdMs = holdMsFor(connections); holdMs < LONGEST_HOLD_MS; holdMs *= 2) {
    const startMs = performance.now();
    const burst = Array.from({ length: connections }, () => request(holdMs));
    await Promise.allSettled(burst);
    const answers = await Promise.all(burst);
    if (performance.now() - startMs < 2 * holdMs) return answers;
  }
  throw new Error(
    `${connections} connections could not be opened at once: the machine is too busy to send so many requests.`,
  );
}
