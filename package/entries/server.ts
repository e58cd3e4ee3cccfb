/** `overlap-bench/server`: the latency server within a process, for tests. */

export type { Lookup } from '../../server/latency/listeners.ts';
export type { ServerOptions } from '../../server/latency/parameters.ts';
export type { RunningServer } from '../../server/latency/server.ts';
export { startServer } from '../../server/latency/server.ts';
export { ParameterError } from '../../server/latency/validation.ts';
