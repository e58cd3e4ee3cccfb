/** `overlap-bench/strategies`: ways to schedule a list of jobs. */

export type { AdaptiveLimitOptions } from '../../benchmarks/strategies/adaptive/adaptive-limit.ts';
export { adaptiveLimit } from '../../benchmarks/strategies/adaptive/adaptive-limit.ts';
export type { Limited } from '../../benchmarks/strategies/adaptive/limited.ts';
export { batches } from '../../benchmarks/strategies/batches.ts';
export { callbacks } from '../../benchmarks/strategies/callbacks.ts';
export { interleaved } from '../../benchmarks/strategies/interleaved.ts';
export { promiseAll } from '../../benchmarks/strategies/promise-all.ts';
export { semaphore } from '../../benchmarks/strategies/semaphore.ts';
export { serial } from '../../benchmarks/strategies/serial.ts';
export type { LazyStrategy, Strategy } from '../../harness/model/job.ts';
