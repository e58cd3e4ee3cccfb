import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** What is drawn for a request, each from numbers of its own: more of one changes nothing of the other. */
export const STREAM = { latency: 1, fault: 2 } as const;

/** The generator starts from its seed almost as it is; so many numbers later nothing of that is left. */
const DISCARDED = 8;

/**
 * Uniform numbers from 0 to 1 that follow from a seed and a job's id alone, so that the order in which jobs
 * arrive changes nothing.
 */
export function randomFor(seed: number, job: number, stream: number): () => number {
  const high = Math.floor(job / 2 ** 32);
  const generator = xoroshiro128plus(mix(mix(mix(seed ^ (stream << 24)) ^ (job | 0)) ^ high));
  for (let discarded = 0; discarded < DISCARDED; discarded++) generator.next();
  return () => uniformFloat64(generator);
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain): every bit in changes half of those out. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
