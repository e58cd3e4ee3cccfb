/**
 * Loaded before every test file: what Node compiles is kept for the many processes that tests start. Runs by hand do not
 * keep it, since it would be one more thing that a measurement depends on.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../node_modules/.cache/overlap');
enableCompileCache(process.env.NODE_COMPILE_CACHE);
