/** A function that schedules its requests itself, as a batch of one job. */
import type { Batch } from '../harness/model/job.ts';
import type { SampleTarget } from '../harness/model/target.ts';
import type { Addresses } from './addresses.ts';

/** What a function gets besides its URLs. */
export interface CallContext<Input = number> {
  /** The inputs of the benchmark, one for each URL; or else the numbers from 0. */
  readonly jobs: readonly Input[];
  /** The base URL of the API, for a client that adds its own paths; use it instead of the URLs. It ends without a slash. */
  readonly baseUrl: string;
  /** Aborted when the sample is given up. */
  readonly signal: AbortSignal;
}

/** The work of one sample. */
export interface CallWork<Input> {
  readonly requests: number;
  readonly addresses: Addresses;
  /** At least as many as requests; undefined without inputs. */
  readonly inputs: readonly Input[] | undefined;
}

/** The address of each job, which names the job and its sample; the target counts both. */
function urlsOf(
  target: SampleTarget,
  { requests, addresses }: Pick<CallWork<never>, 'requests' | 'addresses'>,
): string[] {
  return Array.from({ length: requests }, (_, id) => `${target.origin}${addresses.job(target, id)}`);
}

/** The inputs of a sample. */
export function jobsOf<Input>({
  requests,
  inputs,
}: Pick<CallWork<Input>, 'requests' | 'inputs'>): readonly Input[] {
  return inputs?.slice(0, requests) ?? (Array.from({ length: requests }, (_, id) => id) as Input[]);
}

/**
 * A batch whose one job is a call of the function. What the function returns may be anything; a list with too few results
 * fails the sample.
 *
 * @param call gets the URLs and what else there is
 */
export function openCall<Input>(
  target: SampleTarget,
  work: CallWork<Input>,
  call: (urls: string[], context: CallContext<Input>) => unknown,
): Batch {
  const urls = urlsOf(target, work);
  const jobs = jobsOf(work);
  const giveUp = new AbortController();
  return {
    jobs: [
      {
        id: 0,
        async send() {
          const returned = await call(urls, {
            jobs,
            baseUrl: `${target.origin}${work.addresses.base(target)}`,
            signal: giveUp.signal,
          });
          const results = await countOf(returned);
          if (results !== null && results < work.requests)
            throw new Error(
              `it returned ${results} results for ${work.requests} requests; if that is right, let run return nothing`,
            );
          return '';
        },
      },
    ],
    cancel: (reason) => giveUp.abort(reason),
    close: async () => {},
  };
}

/**
 * A batch with a job for each URL, for strategies that schedule them.
 *
 * @param send sends one request
 */
export function openSends<Input>(
  target: SampleTarget,
  work: CallWork<Input>,
  send: (url: string, input: Input) => Promise<unknown>,
): Batch {
  const inputs = jobsOf(work);
  return {
    jobs: urlsOf(target, work).map((url, id) => ({
      id,
      async send() {
        await send(url, inputs[id]!);
        return '';
      },
    })),
    // The author's client has no way to be stopped: its requests end by themselves.
    cancel: () => {},
    close: async () => {},
  };
}

/** How many results a list or a stream has, which is then read to its end; null for anything else. */
async function countOf(returned: unknown): Promise<number | null> {
  if (Array.isArray(returned)) return returned.length;
  if (returned instanceof Map || returned instanceof Set) return returned.size;
  if (typeof returned !== 'object' || returned === null || !(Symbol.asyncIterator in returned)) return null;
  let results = 0;
  for await (const _ of returned as AsyncIterable<unknown>) results += 1;
  return results;
}
