/** What Overlap measures of itself. */
import type { ProjectConfig } from './harness/project.ts';

export default {
  experiments: ['benchmarks/*.ts'],
  peers: ['benchmarks/peers/*/'],
} satisfies ProjectConfig;
