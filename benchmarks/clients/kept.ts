/**
 * Threads and processes that later samples of this process use again, since starting one takes longer than most samples.
 * Each is kept under the number that it was started with.
 */
export class Kept<Resource> {
  readonly #idle = new Map<number, Resource>();

  /** Takes the one that is kept under this number, or starts one. */
  async take(number: number, start: () => Promise<Resource>): Promise<Resource> {
    const idle = this.#idle.get(number);
    this.#idle.delete(number);
    return idle ?? (await start());
  }

  /** Keeps one for the next sample. Give back only what has no work left; end what else you have. */
  giveBack(number: number, resource: Resource): void {
    this.#idle.set(number, resource);
  }
}
