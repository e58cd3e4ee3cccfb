/** The rows that further rounds measure, and how often. */
import type { RecordedVariant, RunRecord } from '../../record/schema.ts';
import { nameOf, type RowPlace } from './compared-rows.ts';
import type { ComparedRow } from './comparison.ts';

/** A row that a round measures. */
export interface FurtherRow extends RowPlace {
  /** How often it runs within the round; as declared if left out. */
  readonly repeats?: number;
}

/** The rows that a round measures, and their experiments. */
export interface Further {
  readonly names: readonly string[];
  readonly rows: readonly FurtherRow[];
}

/** How long an experiment samples its rows in a round: about as long as it takes to start its processes. */
const SAMPLING_MS = 1000;
/** What a sample costs beside its own time, to open connections and to ask the target. */
const SAMPLE_COST_MS = 30;
/** With more repeats, what varies between processes remains. */
const MOST_REPEATS = 16;

/**
 * Short rows with more repeats than they declare. A new process costs as much as dozens of their samples, and most of what
 * they vary by varies within a process. All rows of an experiment share the time.
 *
 * @param rows without a verdict
 * @param records of the rounds so far, of either side
 */
export function withRepeats(rows: readonly ComparedRow[], records: readonly RunRecord[]): FurtherRow[] {
  return rows.map(({ experiment, group, variant, afterMs }) => {
    const sharing = rows.filter((row) => row.experiment === experiment).length;
    const fitting = Math.floor(SAMPLING_MS / sharing / (afterMs.value + SAMPLE_COST_MS));
    const repeats = Math.min(fitting, MOST_REPEATS);
    const place = { experiment, group, variant };
    return repeats > declaredIn(records, place) ? { ...place, repeats } : place;
  });
}

function declaredIn(records: readonly RunRecord[], { experiment, group, variant }: RowPlace): number {
  const record = records.find(({ experiment: { id } }) => id === experiment);
  return record?.variants.find((one) => one.group === group && one.id === variant)?.repeats ?? 1;
}

/**
 * These rows with the A/A pairs of their groups, without which a round could not be trusted. A pair also holds the results of
 * a row against those of another one.
 *
 * @param records of the rounds so far, of either side
 */
export function withControls(rows: readonly FurtherRow[], records: readonly RunRecord[]): Further {
  return withOthers(rows, records, ({ control }) => control);
}

/** These rows with the A/A pairs and the baselines of their groups, for speedups. */
export function withBaselines(rows: readonly FurtherRow[], records: readonly RunRecord[]): Further {
  return withOthers(rows, records, ({ baseline, control }) => baseline || control);
}

function withOthers(
  rows: readonly FurtherRow[],
  records: readonly RunRecord[],
  isWanted: (variant: RecordedVariant) => boolean,
): Further {
  const others = records.flatMap(({ experiment: { id: experiment }, variants }) =>
    variants
      .filter(isWanted)
      .map(({ group, id }): RowPlace => ({ experiment, group, variant: id }))
      .filter(({ group }) => rows.some((row) => row.experiment === experiment && row.group === group)),
  );
  const each = new Map<string, FurtherRow>(rows.map((row) => [nameOf(row), row]));
  for (const other of others) if (!each.has(nameOf(other))) each.set(nameOf(other), other);
  return { names: [...new Set(rows.map(({ experiment }) => experiment))], rows: [...each.values()] };
}
