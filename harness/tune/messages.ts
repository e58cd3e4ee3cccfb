/** Messages between the search and the process that generates load. */
import type { ArrivalOptions, ArrivalsMeasured } from './arrivals.ts';
import type { LoopOptions, StepMeasured } from './closed-loop.ts';
import type { Work } from './job-source.ts';

export type ToLoad =
  | { readonly type: 'open'; readonly work: Work; readonly jobLimitMs: number }
  | { readonly type: 'step'; readonly options: Omit<LoopOptions, 'requestsOfJob'> }
  | { readonly type: 'arrive'; readonly options: Omit<ArrivalOptions, 'requestsOfJob'> }
  | { readonly type: 'leave' };

export type FromLoad =
  | { readonly type: 'ready' }
  /** All is set up, and the first job starts. */
  | { readonly type: 'trying' }
  | {
      readonly type: 'opened';
      /** Addresses that sockets connected to, outside of this machine. */
      readonly elsewhere: readonly string[];
      readonly requestsOfJob: number;
      /** HTTP requests so far. */
      readonly requests: number;
    }
  | { readonly type: 'stepped'; readonly measured: StepMeasured }
  | { readonly type: 'arrived'; readonly measured: ArrivalsMeasured }
  | { readonly type: 'failed'; readonly message: string };
