import { join } from 'node:path';
import type { TargetKind } from '../../harness/model/target.ts';
import { elsewhere } from './elsewhere.ts';
import { ServerOptions } from './parameters.ts';
import { checkSettings, mostAtOnce } from './settings.ts';

/** The latency server; its witness asks over HTTP. */
export default {
  program: join(import.meta.dirname, 'main.ts'),
  options: ServerOptions,
  checkOptions: checkSettings,
  capacity: mostAtOnce,
  missing: () => null,
  witness: join(import.meta.dirname, 'witness.ts'),
  detached: false,
  putAwayLimitMs: 0,
  elsewhere,
} satisfies TargetKind;
