/** `overlap-bench`: what the file of an experiment needs, and the library for those who have a runner. */

export type { Api, LatencyApi, UrlApi } from '../../authoring/api.ts';
export type {
  Benchmark,
  BenchmarkFields,
  ForRow,
  OwnFunction,
  OwnRequest,
} from '../../authoring/benchmark.ts';
export { defineBenchmark } from '../../authoring/benchmark.ts';
export type { CallContext } from '../../authoring/call.ts';
export type { Value, ValuesOf, Vary } from '../../authoring/parameters.ts';
export type { BenchmarkWork, Size } from '../../authoring/sizes.ts';

export type { CompareSamplesOptions, SamplesComparison } from '../../harness/library/compare-samples.ts';
export { compareSamples } from '../../harness/library/compare-samples.ts';
export type { FunctionRow, Measurement } from '../../harness/library/measure.ts';
export { measure } from '../../harness/library/measure.ts';
export type {
  MeasuredFunctions,
  MeasureOptions,
  NamedFunction,
} from '../../harness/library/measured-functions.ts';
export type { FunctionSample } from '../../harness/library/timed-calls.ts';
export type { Chart, DeclaredChart } from '../../harness/model/chart.ts';
export type {
  Experiment,
  Parameters,
  ProfileName,
  Variant,
  VariantFields,
  Workload,
} from '../../harness/model/experiment.ts';
export { defineExperiment } from '../../harness/model/experiment.ts';
export type { Finding, MeasuredRows } from '../../harness/model/finding.ts';
export type {
  Batch,
  Callback,
  ComputeSpan,
  Job,
  LazyStrategy,
  RunJob,
  Strategy,
} from '../../harness/model/job.ts';
export type {
  PeerCommand,
  PeerOrder,
  PeerPlace,
  PeerRuntime,
  PeerSource,
  PeerVariant,
} from '../../harness/model/peer.ts';
export type { Estimate, Metric, Row, Unit, Warning } from '../../harness/model/row.ts';
export type {
  Bound,
  BoundInput,
  Evidence,
  Holds,
  OpenWitness,
  RequestEvidence,
  SampleTarget,
  ServerElsewhere,
  TargetAddress,
  TargetKind,
  TargetOptions,
  TargetReady,
  Witness,
} from '../../harness/model/target.ts';
export type { ProjectConfig } from '../../harness/project.ts';
