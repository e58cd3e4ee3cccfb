/** Records of schema version 2, which had no words of their own, as those of version 3. */
import type { Metric, Unit } from '../model/row.ts';

type Json = Record<string, unknown>;

/** By the ending of a metric's name, which is all that tells its unit in version 2. */
const UNITS: readonly (readonly [ending: string, unit: Unit])[] = [
  ['Ms', 'ms'],
  ['Bytes', 'bytes'],
  ['Share', 'share'],
  ['PerSecond', 'per second'],
];

/**
 * Turns a record of version 2 into one of version 3. Nothing here checks it: what is wrong stays wrong, and is found by the
 * schema of version 3.
 */
export function fromVersion2(record: Json): Json {
  const { columns, ...others } = record;
  const variants = listOf(record.variants).map(variantOf);
  const samples = filledSamples(listOf(record.samples), listOf(columns));
  return {
    ...others,
    schemaVersion: 3,
    ...(Array.isArray(record.variants) ? { variants } : {}),
    ...(Array.isArray(record.samples) ? { samples } : {}),
    ...(isObject(record.environment) ? { environment: environmentOf(record.environment) } : {}),
    ...(isObject(record.targets) ? { targets: targetsOf(record.targets) } : {}),
    metrics: metricsOf(listOf(columns), samples),
    words: null,
  };
}

/** The id of a peer stood among the parameters. */
function variantOf(variant: Json): Json {
  if (!isObject(variant.parameters)) return variant;
  const { peer, ...parameters } = variant.parameters;
  return variant.peer === true
    ? { ...variant, peer: String(peer), parameters }
    : { ...variant, peer: variant.peer === false ? null : variant.peer };
}

function environmentOf(environment: Json): Json {
  if (!Array.isArray(environment.warnings)) return environment;
  return {
    ...environment,
    project: null,
    warnings: environment.warnings.map((what) => ({ what, remedy: '' })),
  };
}

/** A latency server had no kind. */
function targetsOf(targets: Json): Json {
  return Object.fromEntries(
    Object.entries(targets).map(([name, options]) => [
      name,
      isObject(options) ? { kind: 'latency', ...options } : options,
    ]),
  );
}

/** Attempts that a sample did not count were 0, and so was whatever a later sample of a variant did not have. */
function filledSamples(samples: readonly Json[], columns: readonly Json[]): Json[] {
  const counts = columns.map(({ metric }) => String(metric)).filter((name) => name.endsWith('Attempts'));
  const first = new Map<unknown, Json>();
  for (const { variant, warmUp, metrics } of samples)
    if (warmUp === false && isObject(metrics) && !first.has(variant)) first.set(variant, metrics);
  return samples.map((sample) => {
    const zeros = [...counts, ...Object.keys(first.get(sample.variant) ?? {})].map(
      (name) => [name, 0] as const,
    );
    return isObject(sample.metrics)
      ? { ...sample, metrics: { ...Object.fromEntries(zeros), ...sample.metrics } }
      : sample;
  });
}

function metricsOf(columns: readonly Json[], samples: readonly Json[]): Metric[] {
  const headings = new Map(columns.map(({ metric, heading }) => [String(metric), String(heading)]));
  const measured = samples.flatMap(({ metrics }) => (isObject(metrics) ? Object.keys(metrics) : []));
  return [...new Set([...headings.keys(), ...measured])].map((name) => {
    const heading = headings.get(name);
    const unit = UNITS.find(([ending]) => name.endsWith(ending))?.[1] ?? 'count';
    return { name, unit, better: 'neither', ...(heading === undefined ? {} : { heading }) };
  });
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
