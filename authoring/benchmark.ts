/** A benchmark of one's own function, in a few lines: an experiment whose rows call it with different values. */
import type { DeclaredChart } from '../harness/model/chart.ts';
import { defineExperiment, type Experiment } from '../harness/model/experiment.ts';
import type { LazyStrategy, Strategy } from '../harness/model/job.ts';
import type { Row } from '../harness/model/row.ts';
import { type Api, meanLatencyMs, statedLatencyMs, targetOptions } from './api.ts';
import type { CallContext } from './call.ts';
import { checkBenchmark } from './check-benchmark.ts';
import { choiceFinding } from './choice-finding.ts';
import { sweptIn, type ValuesOf, type Vary } from './parameters.ts';
import { referenceLimit } from './reference.ts';
import { namedRows, rowsOf, timeLimitOf } from './rows.ts';
import { type BenchmarkWork, profilesOf, type Size } from './sizes.ts';
import { sweepFinding } from './sweep-finding.ts';

/** A limit or the like: the same for all rows, or computed from a row's values. */
export type ForRow<Varied extends Vary, Result> = Result | ((values: ValuesOf<Varied>) => Result);

/** The fields of every benchmark. */
export interface BenchmarkFields<Varied extends Vary, Input> {
  /** The question that it answers. */
  readonly question: string;
  /** Its name for people; the question if left out. */
  readonly title?: string;
  /** The question in two or three words: `how many?` */
  readonly brief?: string;
  /** The API that the function waits on: one on this machine that answers as late, or a URL of one's own service. */
  readonly api: Api;
  /** How many requests a sample has. If left out, the number that lets the quick profile take about 20 s. */
  readonly requests?: number;
  /** What each request is about, for functions that take more than URLs; there are then as many requests. */
  readonly inputs?: readonly Input[];
  /** The values of each parameter; every combination is a row. */
  readonly vary?: Varied;
  /** The values that the code has today; the finding says what they lose. */
  readonly current?: Partial<NoInfer<ValuesOf<Varied>> & { readonly strategy: string }>;
  /**
   * At most this many requests are in flight at once; more fail the sample. The parameter `concurrency` if there is one, or
   * else no limit.
   */
  readonly limit?: ForRow<Varied, number>;
  /** At most this many connections carry a sample; more fail it. Connections are only counted if this is left out. */
  readonly connections?: ForRow<Varied, { readonly atMost: number }>;
  /** Whether the code may send a request again, as clients do that retry; false if left out. */
  readonly retries?: boolean;
  /** The time limit of a sample in ms; a busy machine gets twice as much. If left out, a multiple of what the waits add up to. */
  readonly timeLimitMs?: number;
  /** Other work for a profile, or more profiles; smoke and quick are there without it. */
  readonly profiles?: Readonly<Record<string, Size>>;
}

/** A function that sends all requests itself. */
export interface OwnFunction<Varied extends Vary, Input> {
  /**
   * Sends one request to each URL. It may return anything, or nothing: the target counts the requests.
   *
   * @param urls each names its job and its sample
   * @param values of this row
   */
  run(urls: string[], values: ValuesOf<Varied>, context: CallContext<Input>): unknown;
  readonly strategies?: undefined;
  readonly send?: undefined;
}

/** A function that sends one request, and the strategies that schedule it: a row for each. */
export interface OwnRequest<Varied extends Vary, Input> {
  /** Sends one request to this URL. */
  send(url: string, input: Input, values: ValuesOf<Varied>): Promise<unknown>;
  /** Strategies by their names. */
  readonly strategies: Readonly<Record<string, Strategy | LazyStrategy>>;
  readonly run?: undefined;
}

/** What `defineBenchmark` takes. */
export type Benchmark<Varied extends Vary = Vary, Input = number> = BenchmarkFields<Varied, Input> &
  (OwnFunction<Varied, Input> | OwnRequest<Varied, Input>);

/**
 * Makes an experiment of a function: a row for each combination of values, and Overlap's own client as their baseline.
 *
 * @throws one sentence that names the wrong setting
 */
export function defineBenchmark<const Varied extends Vary = Record<never, never>, Input = number>(
  benchmark: Benchmark<Varied, Input>,
): Experiment<BenchmarkWork> {
  refuseAtCaller(() => checkBenchmark(benchmark as unknown as Benchmark));
  const { question, title = question, api, vary, current = {}, inputs, strategies } = benchmark;
  const swept = strategies === undefined ? sweptIn(vary ?? {}) : null;
  const brief = benchmark.brief ?? (swept === null ? 'which one?' : 'how many?');
  const rows = namedRows(benchmark as unknown as Benchmark);
  const findingOf = (own: readonly Row[]) =>
    swept === null ? choiceFinding(own, current) : sweepFinding(own, { name: swept, current, api });
  const timing = {
    latencyMs: statedLatencyMs(api),
    meanLatencyMs: meanLatencyMs(api),
    atOnce: rows.map(({ atOnce }) => atOnce),
    referenceAtOnce: referenceLimit(api),
    largestLimit: Math.max(...rows.map(({ limit, atOnce }) => limit ?? atOnce)),
  };
  return defineExperiment<BenchmarkWork>({
    title,
    question,
    brief,
    profiles: profilesOf(timing, inputs?.length ?? benchmark.requests, benchmark.profiles ?? {}),
    // A sample may take twice its limit on a busy machine, so the relay's sentence comes first.
    targets: (work) => ({ api: targetOptions(api, timeLimitOf(benchmark as unknown as Benchmark, work)) }),
    variants: (work) => rowsOf(benchmark as unknown as Benchmark, rows, work),
    charts: chartsOf(swept, ({ own }) => findingOf(own)?.headline ?? ''),
    finding: ({ own }) => findingOf(own),
  });
}

/** Runs a check; its error then tells where the benchmark is, not where the check is. */
function refuseAtCaller(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Error) Error.captureStackTrace(error, defineBenchmark);
    throw error;
  }
}

function chartsOf(swept: string | null, says: NonNullable<DeclaredChart['says']>): DeclaredChart[] {
  const timeline: DeclaredChart = { kind: 'timeline', view: 'timeline' };
  if (swept === null) return [{ kind: 'speedup', view: 'speedup' }, timeline];
  return [
    {
      kind: 'lines',
      view: 'time',
      says,
      line: 'group',
      x: { parameter: swept, title: swept, scale: 'linear' },
      left: { title: 'time for all requests (ms)', scale: 'linear' },
      series: [{ figure: 'medianMs', title: 'time' }],
      bound: true,
    },
    timeline,
  ];
}
