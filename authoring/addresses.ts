/** Where a sample's requests go: each address names its sample and, where it can, its job. */
import { jobPath } from '../benchmarks/clients/exchange.ts';
import type { SampleTarget } from '../harness/model/target.ts';
import { type Api, isUrlApi } from './api.ts';

/** Paths at the target. */
export interface Addresses {
  /** The path of a job's request. */
  job(target: SampleTarget, job: number): string;
  /** The path below which every path is a request of the sample; it ends without a slash. */
  base(target: SampleTarget): string;
  /** The path of a request that opens a connection and belongs to no sample; the latency server's if undefined. */
  readonly opening: string | undefined;
}

/** @param latencyMs how long a latency server holds each request */
export function addressesOf(api: Api, latencyMs: number): Addresses {
  if (!isUrlApi(api))
    return {
      job: (target, job) => jobPath(target, latencyMs, job),
      base: ({ run }) => `/base/${encodeURIComponent(run)}/${latencyMs}`,
      opening: undefined,
    };
  const { pathname, search } = new URL(api.url);
  return {
    job: ({ run }, job) => `/job/${job}/${encodeURIComponent(run)}${pathname}${search}`,
    base: ({ run }) => `/base/${encodeURIComponent(run)}${pathname.replace(/\/$/, '')}`,
    opening: '/open',
  };
}
