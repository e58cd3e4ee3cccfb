import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from 'simple-statistics';
import type { Progress } from '../model.ts';
import type { RecordedTrace, RunRecord, Sample } from '../record.ts';
import { type CompleteVariant, entriesOf, type RoundEntry, targetsOf, variantsOf } from './catalog.ts';
import { type Child, ChildDied, startChild } from './child.ts';
import type { FromMeasured, ToMeasured } from './messages.ts';
import type { PlannedExperiment } from './plan.ts';
import { roundOrder } from './rounds.ts';
import { startTarget, type Target, type TargetAddress } from './target.ts';

const MEASURED = join(import.meta.dirname, 'measured.ts');
/** A sample may take this many times its estimate before it counts as hung, and never less than the floor. */
const PATIENCE_FACTOR = 20;
const PATIENCE_FLOOR_MS = 60_000;
/** How long after a failed request the target's own end may come to light. */
const AFTERMATH_MS = 300;

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
 * @returns the record with status `ok`, or `errored` where a sample failed its check
 * @throws ChildDied where a process ended that should not have; Error where a job failed or a sample hung;
 *   what `signal` was aborted with. What was measured by then has gone to the observer.
 */
export async function conduct(
  { entry, record: begun, peers }: PlannedExperiment,
  observer: Observer,
  signal: AbortSignal,
): Promise<RunRecord> {
  const targets = new Map<string, Target>();
  const targetDied = new AbortController();
  const stopped = AbortSignal.any([signal, targetDied.signal]);
  const { remote } = begun;
  // All at once: each takes as long as Node to start.
  const measured = startChild<ToMeasured, FromMeasured>('The measured process', MEASURED, {
    signal: stopped,
    keepProxy: remote?.keepProxy === true,
  });
  const wanted = Object.entries(targetsOf(entry, begun.profile));
  const starts = (remote === undefined ? wanted : []).map(async ([name, options]) => {
    const target = await startTarget({ seed: begun.seed, ...options }, signal);
    targets.set(name, target);
    target.ended.then((how) => targetDied.abort(new ChildDied(how)));
  });
  try {
    await settled([measured, ...starts]);
    const { child } = await measured;
    const addresses: Record<string, TargetAddress> = Object.fromEntries(
      remote === undefined
        ? [...targets].map(([name, { address }]) => [name, address])
        : wanted.map(([name]) => [name, { origin: remote.origin, certificate: null, remote: true }]),
    );
    child.send({ type: 'configure', file: entry.file, profile: begun.profile, targets: addresses, peers });
    await receive(child, stopped);
    const variants = variantsOf(entry, begun.profile, peers);
    const estimates = createEstimates(variants);
    for (const sample of begun.samples) estimates.learn(sample);
    const record = { ...begun, ...versionsOf(targets) };
    return await runRounds({ entry, variants, child, observer, stopped, estimates }, record);
  } finally {
    // What is still starting when something fails is ended, too.
    await Promise.allSettled([
      measured.then(({ child }) => child.kill()),
      ...[...targets.values()].map((target) => target.end()),
    ]);
  }
}

/** What targets that are not part of this project say that they are. */
function versionsOf(targets: ReadonlyMap<string, Target>): Pick<RunRecord, 'targetVersions'> {
  const versions = [...targets].flatMap(([name, { version }]) =>
    version === undefined ? [] : [[name, version] as const],
  );
  return versions.length === 0 ? {} : { targetVersions: Object.fromEntries(versions) };
}

/** Resolves when all have; rejects with the first error, once none is pending any more. */
async function settled(all: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(all);
  await Promise.all(all);
}

/** What stays the same for all rounds of an experiment. */
interface Stage {
  readonly entry: PlannedExperiment['entry'];
  readonly variants: readonly CompleteVariant[];
  readonly child: Child<ToMeasured, FromMeasured>;
  readonly observer: Observer;
  /** Aborted when the run is interrupted or the target ends. */
  readonly stopped: AbortSignal;
  readonly estimates: Estimates;
}

async function runRounds(stage: Stage, begun: RunRecord): Promise<RunRecord> {
  const rounds = missingRounds(begun);
  let record = begun;
  for (const [index, { warmUp, round }] of rounds.entries()) {
    const traced =
      !warmUp && record.traces.length === 0 && record.charts.some(({ kind }) => kind === 'timeline');
    const later = rounds.slice(index + 1).flatMap((other) => entriesLeft(stage.variants, record, other));
    const laterMs = stage.estimates.sumMs(later);
    const { samples, traces, lost } = await runRound(stage, record, { warmUp, round, traced, laterMs });
    record = {
      ...record,
      samples: [...record.samples, ...samples],
      variants: markLost(record.variants, lost),
    };
    if (traced) record = { ...record, traces };
    const failed = samples.find((sample) => sample.failure !== null);
    if (failed !== undefined) {
      const { id } = stage.variants[failed.variant]!;
      const reason = `${stage.entry.id}, ${id}, ${warmUp ? 'warm-up ' : ''}round ${round}: ${failed.failure}.`;
      return { ...record, status: 'errored', reason };
    }
    stage.observer.roundFinished(record);
    if (!warmUp && stage.observer.enough?.(record, round)) {
      record = endedAfter(record, round);
      break;
    }
  }
  const lost = record.variants.find(({ error }) => error !== undefined);
  if (lost === undefined) return { ...record, status: 'ok' };
  return { ...record, status: 'errored', reason: `${stage.entry.id}, ${lost.id}: ${lost.error}` };
}

/** The same record, as one that had asked for so many rounds. */
function endedAfter(record: RunRecord, rounds: number): RunRecord {
  const variants = record.variants.map((variant) => ({
    ...variant,
    rounds: Math.min(variant.rounds, rounds),
  }));
  return { ...record, rounds, variants };
}

/** A round of those that have not gone wrong. */
function entriesLeft(
  variants: readonly CompleteVariant[],
  record: RunRecord,
  round: { readonly warmUp: boolean; readonly round: number },
): RoundEntry[] {
  return entriesOf(variants, round).filter(({ variant }) => record.variants[variant]?.error === undefined);
}

/** Peers that went wrong, by their position, with the reason. */
type Lost = ReadonlyMap<number, string>;

function markLost(variants: RunRecord['variants'], lost: Lost): RunRecord['variants'] {
  return variants.map((variant, index) => {
    const error = lost.get(index);
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
  { entry, variants, child, observer, stopped, estimates }: Stage,
  record: RunRecord,
  { warmUp, round, traced, laterMs }: { warmUp: boolean; round: number; traced: boolean; laterMs: number },
): Promise<Pick<RunRecord, 'samples' | 'traces'> & { lost: Lost }> {
  const { seed, rounds, charts } = record;
  const entries = entriesLeft(variants, record, { warmUp, round });
  const order = warmUp ? [...entries.keys()] : roundOrder(entries.length, round, seed);
  const ordered = order.map((position) => entries[position]!);
  child.send({ type: 'round', round, warmUp, entries: ordered, traced });
  const samples: Sample[] = [];
  const traces: RecordedTrace[] = [];
  const lost = new Map<number, string>();
  for (;;) {
    const left = ordered.slice(samples.length + lost.size);
    const variant = variants[(left[0] ?? ordered.at(-1)!).variant]!;
    const message = await receive(child, stopped, variant);
    if (message.type === 'finished') break;
    if (message.type === 'started') {
      const name = [variant.group, variant.id].filter((part) => part !== '').join(' ');
      const leftMs = estimates.sumMs(left) + laterMs;
      observer.progressed({ experiment: entry.id, round, rounds, warmUp, variant: name, leftMs });
    } else if (message.type === 'lost') {
      lost.set(message.entry.variant, message.reason);
    } else if (message.type === 'sample') {
      samples.push(message.sample);
      estimates.learn(message.sample);
      if (message.trace !== null && isShown(charts, variants[message.trace.variant]!))
        traces.push(message.trace);
    }
  }
  return { samples, lost, traces: traces.sort((one, other) => one.variant - other.variant) };
}

/** A record keeps no trace that no picture shows: it must stay small. */
function isShown(charts: RunRecord['charts'], { group, peer }: CompleteVariant): boolean {
  return (
    peer === null &&
    charts.some(({ kind, groups }) => kind === 'timeline' && (groups?.includes(group) ?? true))
  );
}

/** The next message, unless the run is stopped, the sample hangs or the measured process gives up. */
async function receive(
  child: Stage['child'],
  stopped: AbortSignal,
  variant?: CompleteVariant,
): Promise<FromMeasured> {
  const limitMs = Math.max(PATIENCE_FLOOR_MS, PATIENCE_FACTOR * (variant?.estimateMs ?? 0));
  const hung = AbortSignal.timeout(limitMs);
  const message = await child.receive(AbortSignal.any([stopped, hung])).catch((error) => {
    if (error !== hung.reason) throw error;
    const who = variant?.id ?? 'The experiment';
    throw new Error(`${who} gave no sign of life for ${Math.round(limitMs / 1000)} s.`);
  });
  if (message.type !== 'failed') return message;
  await wait(AFTERMATH_MS);
  stopped.throwIfAborted();
  throw new Error(message.message);
}

interface Estimates {
  learn(sample: Pick<Sample, 'variant' | 'wallMs'>): void;
  /** Of one run of each of these entries, in ms. */
  sumMs(entries: readonly RoundEntry[]): number;
}

/** How long samples take: the medians so far, or what the variants themselves expect. */
function createEstimates(variants: readonly CompleteVariant[]): Estimates {
  const seenMs = variants.map((): number[] => []);
  const estimateMs = (variant: number) => {
    const times = seenMs[variant]!;
    return times.length === 0 ? variants[variant]!.estimateMs : median(times);
  };
  return {
    learn: ({ variant, wallMs }) => void seenMs[variant]!.push(wallMs),
    sumMs: (entries) => entries.reduce((sum, { variant }) => sum + estimateMs(variant), 0),
  };
}
