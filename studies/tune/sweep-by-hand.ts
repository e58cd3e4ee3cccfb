/** What people do without a search: each of a few limits for ten seconds, and the best is taken. */
import { startLoad } from '../../harness/tune/load-process.ts';
import { startCase } from './try-case.ts';
import type { TuneCase } from './tune-cases.ts';

const SWEPT_LIMITS = [1, 2, 5, 10, 20, 50, 100];
const SECONDS = 10;
const JOB_LIMIT_MS = 10_000;
const NO_LIMIT = 1e9;

/** One sweep of a case. */
export interface SweepTry {
  readonly case: string;
  readonly seed: number;
  /** The limit with the most successful throughput. */
  readonly limit: number;
  readonly requests: number;
  readonly refused: number;
  readonly seconds: number;
}

/** Sweeps a case by hand. A refusal does not stop it: the load tools that people use go on. */
export async function sweepByHand(
  one: TuneCase,
  { seed, signal, seconds = SECONDS }: { seed: number; signal: AbortSignal; seconds?: number },
): Promise<SweepTry> {
  const target = await startCase(one, seed, signal);
  try {
    const url = `${target.address.origin}${one.path}`;
    const startMs = performance.now();
    const load = await startLoad(
      { kind: 'http', url, method: 'GET', headers: {}, body: null },
      JOB_LIMIT_MS,
      signal,
    );
    try {
      const found: { limit: number; succeeded: number; requests: number; refused: number }[] = [];
      for (const limit of SWEPT_LIMITS) {
        const { figures } = await load.step({
          limit,
          jobs: NO_LIMIT,
          timeLimitMs: seconds * 1000,
          jobLimitMs: JOB_LIMIT_MS,
          requestsLeft: NO_LIMIT,
          rampMs: 0,
          goesOn: true,
        });
        found.push({ limit, ...figures });
      }
      const best = found.reduce((first, second) => (second.succeeded > first.succeeded ? second : first));
      const sum = (of: 'requests' | 'refused') => found.reduce((total, each) => total + each[of], 0);
      return {
        case: one.name,
        seed,
        limit: best.limit,
        requests: sum('requests'),
        refused: sum('refused'),
        seconds: Math.round((performance.now() - startMs) / 100) / 10,
      };
    } finally {
      await load.end();
    }
  } finally {
    await target.end();
  }
}
