import { CHART_KINDS } from '../../charts/kinds.ts';
import type { Progress } from '../../model/experiment.ts';
import type { RecordedTrace, RunRecord, Sample } from '../../record/schema.ts';
import { type CompleteVariant, entriesOf, type RoundEntry, variantsOf } from '../plan/catalog.ts';
import type { PlannedExperiment } from '../plan/plan.ts';
import { roundOrder } from '../plan/round-order.ts';
import { createEstimates, type Estimates } from './estimates.ts';
import { type FoundTargets, NotStarted, type Stage, startStage } from './stage.ts';

/** Told what goes on; called between samples only, never while one runs. */
export interface Observer {
  progressed(progress: Progress): void;
  /** The record as it is after another round, to be kept. */
  roundFinished(record: RunRecord): void;
  /** Whether so many measured rounds are enough; asked after each, and never where this is left out. */
  enough?(record: RunRecord, round: number): boolean;
}

/**
 * Runs what is missing of a record's rounds, on targets and in a measured process of their own, which are
 * all gone when it returns, however it returns.
 *
 * @param plan with a new record, or one that was interrupted; it stays as it is
 * @returns the record with status `ok`, or `errored` where a sample failed its check or a row could not be measured
 * @throws NotStarted where it could not begin; ChildDied where a process ended that should not have; Error where a job
 *   failed or a sample hung; what `signal` was aborted with. What was measured by then has gone to the observer.
 */
export async function conduct(
  plan: PlannedExperiment,
  observer: Observer,
  signal: AbortSignal,
): Promise<RunRecord> {
  const { entry, record: begun, peers } = plan;
  const stage = await startStage(plan, signal);
  try {
    const variants = variantsOf(entry, begun.profile, peers);
    const estimates = createEstimates(variants);
    for (const sample of begun.samples) estimates.learn(sample);
    refuseOtherTarget(begun, stage.found);
    const record = { ...begun, ...stage.found };
    return await runRounds({ entry, variants, stage, observer, estimates }, record);
  } finally {
    await stage.end();
  }
}

/** What waited on another database is other work. @throws NotStarted */
function refuseOtherTarget(begun: RunRecord, found: FoundTargets): void {
  const nameIn = ({ targetVersions = {}, givenTargets = [] }: FoundTargets, target: string) =>
    `${targetVersions[target] ?? 'none'}${givenTargets.includes(target) ? ' of DATABASE_URL' : ''}`;
  const targets = Object.keys(begun.targetVersions ?? {});
  const other = targets.find((target) => nameIn(begun, target) !== nameIn(found, target));
  if (other === undefined || begun.samples.length === 0) return;
  throw new NotStarted(
    `${begun.experiment.id} cannot be resumed, because it waited on ${nameIn(begun, other)} and this is ${nameIn(found, other)}.`,
  );
}

/** What stays the same for all rounds of an experiment. */
interface Conducting {
  readonly entry: PlannedExperiment['entry'];
  readonly variants: readonly CompleteVariant[];
  readonly stage: Stage;
  readonly observer: Observer;
  readonly estimates: Estimates;
}

async function runRounds(conducting: Conducting, begun: RunRecord): Promise<RunRecord> {
  const { entry, variants, observer, estimates } = conducting;
  const rounds = missingRounds(begun);
  let record = begun;
  for (const [index, { warmUp, round }] of rounds.entries()) {
    const traced = !warmUp && record.traces.length === 0 && record.charts.some(needsTrace);
    const later = rounds.slice(index + 1).flatMap((other) => entriesLeft(variants, record, other));
    const laterMs = estimates.sumMs(later);
    const { samples, traces, lost } = await runRound(conducting, record, { warmUp, round, traced, laterMs });
    record = {
      ...record,
      samples: [...record.samples, ...samples],
      variants: markLost(record.variants, lost),
    };
    if (traced) record = { ...record, traces };
    const failed = samples.find((sample) => sample.failure !== null);
    if (failed !== undefined) {
      const name = nameOf(variants[failed.variant]!);
      const reason = `${entry.id}, ${name}, ${warmUp ? 'warm-up ' : ''}round ${round}: ${failed.failure}.`;
      return { ...record, status: 'errored', reason };
    }
    observer.roundFinished(record);
    if (!warmUp && observer.enough?.(record, round)) {
      record = endedAfter(record, round);
      break;
    }
  }
  const [lost, ...others] = record.variants.filter(({ error }) => error !== undefined);
  if (lost === undefined) return { ...record, status: 'ok' };
  const more =
    others.length === 0
      ? ''
      : `; ${others.length} more ${others.length === 1 ? 'row has an error' : 'rows have errors'}`;
  const reason = `${entry.id}, ${nameOf(lost)}: ${lost.error!.replace(/\.$/, '')}${more}.`;
  return { ...record, status: 'errored', reason };
}

/** A row's name, after that of its group. */
function nameOf({ group, id }: Pick<CompleteVariant, 'group' | 'id'>): string {
  return group === '' ? id : `${group} ${id}`;
}

/** The same record, as one that had asked for so many rounds. */
function endedAfter(record: RunRecord, rounds: number): RunRecord {
  const variants = record.variants.map((variant) => ({
    ...variant,
    rounds: Math.min(variant.rounds, rounds),
  }));
  return { ...record, rounds, variants };
}

/** A round of those rows that have not gone wrong. */
function entriesLeft(
  variants: readonly CompleteVariant[],
  record: RunRecord,
  round: { readonly warmUp: boolean; readonly round: number },
): RoundEntry[] {
  return entriesOf(variants, round).filter(({ variant }) => record.variants[variant]?.error === undefined);
}

/** Rows that went wrong, by their position, with the reason. */
type Lost = ReadonlyMap<number, string>;

/** Without its baseline a group has nothing to be compared with. */
function markLost(variants: RunRecord['variants'], lost: Lost): RunRecord['variants'] {
  const baselines = variants.filter(({ baseline }, index) => baseline && lost.has(index));
  return variants.map((variant, index) => {
    const baseline = baselines.find(({ group }) => group === variant.group);
    const error =
      lost.get(index) ?? variant.error ?? (baseline && `its baseline, ${baseline.id}, has an error`);
    return error === undefined ? variant : { ...variant, error };
  });
}

function missingRounds({ warmUpRounds, rounds, samples }: RunRecord): { warmUp: boolean; round: number }[] {
  const finished = new Set(samples.flatMap(({ warmUp, round }) => (warmUp ? [] : [round]))).size;
  const count = (from: number, to: number, warmUp: boolean) =>
    Array.from({ length: Math.max(0, to - from) }, (_, index) => ({ warmUp, round: from + index + 1 }));
  const missing = count(finished, rounds, false);
  // A new process is cold, so that what is resumed is warmed up once more.
  return missing.length === 0 ? [] : [...count(0, warmUpRounds, true), ...missing];
}

/** Runs one round; `laterMs` is about how long those after it take. */
async function runRound(
  { entry, variants, stage, observer, estimates }: Conducting,
  record: RunRecord,
  { warmUp, round, traced, laterMs }: { warmUp: boolean; round: number; traced: boolean; laterMs: number },
): Promise<Pick<RunRecord, 'samples' | 'traces'> & { lost: Lost }> {
  const { seed, rounds, charts } = record;
  const entries = entriesLeft(variants, record, { warmUp, round });
  if (entries.length === 0) return { samples: [], traces: [], lost: new Map() };
  const order = warmUp ? [...entries.keys()] : roundOrder(entries.length, round, seed);
  const ordered = order.map((position) => entries[position]!);
  stage.send({ type: 'round', round, warmUp, entries: ordered, traced });
  const samples: Sample[] = [];
  const traces: RecordedTrace[] = [];
  const lost = new Map<number, string>();
  let done = 0;
  for (;;) {
    const left = ordered.slice(done);
    const variant = variants[(left[0] ?? ordered.at(-1)!).variant]!;
    const message = await stage.receive(variant);
    if (message.type === 'finished') break;
    if (message.type === 'started') {
      const leftMs = estimates.sumMs(left) + laterMs;
      observer.progressed({
        ...{ experiment: entry.id, round, rounds, warmUp },
        ...{ variant: nameOf(variant), leftMs },
      });
    } else if (message.type === 'lost') {
      done += 1;
      lost.set(message.entry.variant, message.reason);
    } else if (message.type === 'sample') {
      done += 1;
      samples.push(message.sample);
      estimates.learn(message.sample);
      if (message.trace !== null && isShown(charts, variants[message.trace.variant]!))
        traces.push(message.trace);
    }
  }
  // A set-up fails, too, where its target has just ended.
  if (lost.size > 0) await stage.aftermath();
  return { samples, lost, traces: traces.sort((one, other) => one.variant - other.variant) };
}

function needsTrace({ kind }: RunRecord['charts'][number]): boolean {
  return CHART_KINDS.get(kind)?.needsTrace === true;
}

/** A record keeps no trace that no picture shows: it must stay small. */
function isShown(charts: RunRecord['charts'], { group, peer }: CompleteVariant): boolean {
  return (
    peer === null && charts.some((chart) => needsTrace(chart) && (chart.groups?.includes(group) ?? true))
  );
}
