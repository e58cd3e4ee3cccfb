import { join } from 'node:path';
import type { TargetKind } from '../../harness/model/target.ts';
import { checkService, RelayOptions } from './options.ts';

/** A relay before a service of the user's own; its witness asks over HTTP, as that of the latency server. */
export default {
  program: join(import.meta.dirname, 'main.ts'),
  options: RelayOptions,
  checkOptions: (options) => checkService(options as unknown as RelayOptions),
  requestBudget: ({ maxRequests }) => (maxRequests === undefined ? undefined : Number(maxRequests)),
  missing: () => null,
  witness: join(import.meta.dirname, 'witness.ts'),
  detached: false,
  putAwayLimitMs: 0,
  elsewhere: null,
} satisfies TargetKind;
