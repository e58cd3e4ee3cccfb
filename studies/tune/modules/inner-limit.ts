/** A function with a limit of 8 inside, as a wrapped client has; its target would take any number. */
import pLimit from 'p-limit';

const limit = pLimit(8);

export default (job: number, { signal }: { readonly signal: AbortSignal }): Promise<void> =>
  limit(async () => {
    const answer = await fetch(`${process.env.OVERLAP_TUNE_ORIGIN}/delay/20?job=${job}`, { signal });
    await answer.text();
  });
