import { Bench } from 'tinybench';

/** A new Bench of tinybench whose tasks are called once each. Its own defaults are minimums: 64 calls and 1 s. */
export function oneCallBench(): Bench {
  return new Bench({
    time: 0,
    iterations: 1,
    warmup: false,
    throws: true,
    retainSamples: true,
    timestampProvider: 'hrtimeNow',
    concurrency: null,
  });
}
