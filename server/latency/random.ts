import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Separate random streams of a request, so that draws from one do not change the other. */
export const STREAM = { latency: 1, fault: 2 } as const;

/** The generator's first numbers resemble its seed, so this many are discarded. */
const DISCARDED = 8;

/**
 * Uniform numbers from 0 to 1 that depend on a seed and a job's id only, not on the order of arrival.
 */
export function randomFor(seed: number, job: number, stream: number): () => number {
  const high = Math.floor(job / 2 ** 32);
  const generator = xoroshiro128plus(mix(mix(mix(seed ^ (stream << 24)) ^ (job | 0)) ^ high));
  for (let discarded = 0; discarded < DISCARDED; discarded++) generator.next();
  return () => uniformFloat64(generator);
}

/** The finalizer of MurmurHash3 (Austin Appleby, public domain): every input bit changes half of the output bits. */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
