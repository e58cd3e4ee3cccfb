import { join } from 'node:path';
import type { TargetKind } from '../../harness/model/target.ts';
import { whyNoPostgresql } from './missing.ts';
import { DatabaseOptions } from './options.ts';

/** A PostgreSQL; its queries return the evidence. */
export default {
  program: join(import.meta.dirname, 'main.ts'),
  options: DatabaseOptions,
  missing: whyNoPostgresql,
  witness: null,
  detached: true,
  putAwayLimitMs: 15_000,
  elsewhere: null,
} satisfies TargetKind;
