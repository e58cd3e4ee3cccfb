/** Which jobs the service failed. */

/** The answers of a sample, by job. */
export interface Outcomes {
  /** @param failure what went wrong, in a sentence without its full stop; null after a good answer */
  note(job: number, failure: string | null): void;
  /** What went wrong first, and for how many jobs; undefined if every job has a good answer. */
  failure(): string | undefined;
  clear(): void;
}

/** A job that was sent again and then got a good answer did not fail. */
export function createOutcomes(): Outcomes {
  const good = new Set<number>();
  const failed = new Map<number, string>();
  return {
    note(job, failure) {
      if (failure === null) good.add(job);
      else if (!failed.has(job)) failed.set(job, failure);
    },
    failure() {
      const [first, ...others] = [...failed].filter(([job]) => !good.has(job));
      if (first === undefined) return undefined;
      return others.length === 0 ? first[1] : `${others.length + 1} jobs failed: ${first[1]}`;
    },
    clear() {
      good.clear();
      failed.clear();
    },
  };
}
