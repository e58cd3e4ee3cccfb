/** What Overlap measures of itself. */
import type { ProjectConfig } from './harness/project.ts';

export default {
  experiments: ['benchmarks/*.ts'],
  peers: ['benchmarks/peers/*/'],
  // As a story: from the first gain to what limits it.
  order: [
    'crawl',
    'concurrency',
    'connections',
    'overload',
    'hash-and-save',
    'yielding',
    'coroutines',
    'clients',
    'limiters',
    'database',
    'runtimes',
  ],
} satisfies ProjectConfig;
