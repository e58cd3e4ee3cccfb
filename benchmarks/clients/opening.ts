/** The first hold, long enough that most machines need one try. */
const holdMsFor = (connections: number) => 5 + connections / 2;
/** The longest hold; a machine that needs more is too slow for measuring. */
const LONGEST_HOLD_MS = 10_000;

/**
 * Opens connections with as many requests at once. All were open at the same time if the burst took less than twice the
 * hold: then the last request arrived before the first was answered. Otherwise a busy machine sent so slowly that early
 * answers freed connections for late requests. The burst is then repeated with a longer hold.
 *
 * @param connections the number of connections
 * @param request sends a request that the target holds for the given ms, over a connection that takes no other meanwhile
 * @returns the answers of the last burst
 * @throws the error of a request, once its whole burst has ended; Error if the machine is too slow
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
    `${connections} connections could not be opened at once: the machine is too busy to send this many requests.`,
  );
}
