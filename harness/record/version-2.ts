/** Converts records of schema version 2, which had no sentences, to version 3. */
import type { Metric, Unit } from '../model/row.ts';

type Json = Record<string, unknown>;

/** The units by the endings of metrics' names; version 2 has no other field for them. */
const UNITS: readonly (readonly [ending: string, unit: Unit])[] = [
  ['Ms', 'ms'],
  ['Bytes', 'bytes'],
  ['Share', 'share'],
  ['PerSecond', 'per second'],
];

/**
 * Converts a record of version 2 to version 3. Faults stay in it, and the schema of version 3 finds them.
 */
export function fromVersion2(record: Json): Json {
  const { columns, variants, samples, ...others } = record;
  const filled = Array.isArray(samples) ? filledSamples(samples, objectsIn(columns)) : samples;
  return {
    ...others,
    schemaVersion: 3,
    variants: Array.isArray(variants) ? variants.map(variantOf) : variants,
    samples: filled,
    ...(isObject(record.environment) ? { environment: environmentOf(record.environment) } : {}),
    ...(isObject(record.targets) ? { targets: targetsOf(record.targets) } : {}),
    metrics: Array.isArray(columns) ? metricsOf(columns, objectsIn(filled)) : columns,
    words: null,
  };
}

/** In version 2 a peer's id was among the parameters. */
function variantOf(variant: unknown): unknown {
  if (!isObject(variant) || !isObject(variant.parameters)) return variant;
  const { peer, ...parameters } = variant.parameters;
  return variant.peer === true
    ? { ...variant, peer, parameters }
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

/** In version 2 a latency server had no kind. */
function targetsOf(targets: Json): Json {
  return Object.fromEntries(
    Object.entries(targets).map(([name, options]) => [
      name,
      isObject(options) ? { kind: 'latency', ...options } : options,
    ]),
  );
}

/** In version 2 a missing figure meant 0: attempts that were not counted, and figures that only some samples have. */
function filledSamples(samples: readonly unknown[], columns: readonly Json[]): unknown[] {
  const counts = columns.map(({ metric }) => String(metric)).filter((name) => name.endsWith('Attempts'));
  const first = new Map<unknown, Json>();
  for (const { variant, warmUp, metrics } of objectsIn(samples))
    if (warmUp === false && isObject(metrics) && !first.has(variant)) first.set(variant, metrics);
  return samples.map((sample) => {
    if (!isObject(sample) || !isObject(sample.metrics)) return sample;
    const zeros = [...counts, ...Object.keys(first.get(sample.variant) ?? {})].map(
      (name) => [name, 0] as const,
    );
    return { ...sample, metrics: { ...Object.fromEntries(zeros), ...sample.metrics } };
  });
}

function metricsOf(columns: readonly unknown[], samples: readonly Json[]): unknown[] {
  const shown = columns.map((column) =>
    isObject(column)
      ? { ...metricOf(String(column.metric)), name: column.metric, heading: column.heading }
      : column,
  );
  const names = objectsIn(shown).map(({ name }) => name);
  const measured = samples.flatMap(({ metrics }) => (isObject(metrics) ? Object.keys(metrics) : []));
  const others = [...new Set(measured)].filter((name) => !names.includes(name));
  return [...shown, ...others.map(metricOf)];
}

function metricOf(name: string): Metric {
  const unit = UNITS.find(([ending]) => name.endsWith(ending))?.[1] ?? 'count';
  return { name, unit, better: 'neither' };
}

function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
