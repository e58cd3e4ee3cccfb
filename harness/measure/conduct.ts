import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { median } from 'simple-statistics';
import type { Progress } from '../model.ts';
import type { RunRecord } from '../record.ts';
import { type CatalogEntry, type CompleteVariant, variantsOf } from './catalog.ts';
import { type Child, ChildDied, startChild } from './child.ts';
import type { FromMeasured, RoundEntry, ToMeasured } from './messages.ts';
import { roundOrder } from './rounds.ts';
import { startTarget, type Target } from './target.ts';

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
}

/**
 * Runs what is missing of a record's rounds, on a target and in a measured process of their own, which are
 * both gone when it returns, however it returns.
 *
 * @param begun a new record, or one that was interrupted; it stays as it is
 * @returns the record with status `ok`, or `errored` where a sample failed its check
 * @throws ChildDied where a process ended that should not have; Error where a job failed or a sample hung;
 *   what `signal` was aborted with. What was measured by then has gone to the observer.
 */
export async function conduct(
  entry: CatalogEntry,
  begun: RunRecord,
  observer: Observer,
  signal: AbortSignal,
): Promise<RunRecord> {
  const target = await startTarget(signal);
  try {
    const { child } = await startChild<ToMeasured, FromMeasured>('The measured process', MEASURED, {
      signal,
    });
    try {
      return await runRounds({ entry, begun, target, child, observer, signal });
    } finally {
      await child.kill();
    }
  } finally {
    await target.process.kill();
  }
}

interface Stage {
  readonly entry: CatalogEntry;
  readonly begun: RunRecord;
  readonly target: Target;
  readonly child: Child<ToMeasured, FromMeasured>;
  readonly observer: Observer;
  readonly signal: AbortSignal;
}

async function runRounds(stage: Stage): Promise<RunRecord> {
  const { entry, begun, target, child, observer, signal } = stage;
  const variants = variantsOf(entry, begun.profile);
  const entries: RoundEntry[] = variants.flatMap(({ control }, variant) =>
    control
      ? [
          { variant, twin: false },
          { variant, twin: true },
        ]
      : [{ variant, twin: false }],
  );
  let record = begun;
  const clock = createEstimates(variants, entries, record);

  child.send({ type: 'configure', file: entry.file, profile: record.profile, origin: target.origin });
  await receiveFrom(child, target, signal);

  const finished = new Set(record.samples.flatMap(({ warmUp, round }) => (warmUp ? [] : [round]))).size;
  const rounds = [
    ...Array.from({ length: record.warmUpRounds }, (_, index) => ({ warmUp: true, round: index + 1 })),
    ...Array.from({ length: record.rounds - finished }, (_, index) => ({
      warmUp: false,
      round: finished + index + 1,
    })),
  ];
  if (finished > 0) record = { ...record, samples: record.samples.filter((sample) => !sample.warmUp) };

  for (const [done, { warmUp, round }] of rounds.entries()) {
    const order = warmUp ? entries.keys() : roundOrder(entries.length, round, record.seed);
    const ordered = [...order].map((position) => entries[position]!);
    const traced = !warmUp && record.traces.length === 0;
    child.send({ type: 'round', round, warmUp, entries: ordered, traced });
    const samples = [];
    const traces = [];
    for (let position = 0; ; ) {
      const variant = variants[ordered[Math.min(position, ordered.length - 1)]!.variant]!;
      const message = await receiveFrom(child, target, signal, variant);
      if (message.type === 'finished') break;
      if (message.type === 'started') {
        const rest = ordered.slice(position);
        const leftMs = clock.leftMs(rest) + (rounds.length - done - 1) * clock.leftMs(entries);
        const name = [variant.group, variant.id].filter((part) => part !== '').join(' ');
        observer.progressed({
          experiment: entry.id,
          round,
          rounds: record.rounds,
          warmUp,
          variant: name,
          leftMs,
        });
      }
      if (message.type === 'sample') {
        position += 1;
        samples.push(message.sample);
        clock.learn(message.sample);
        if (message.trace !== null) traces.push(message.trace);
      }
    }
    record = { ...record, samples: [...record.samples, ...samples] };
    if (traced) record = { ...record, traces: traces.sort((one, other) => one.variant - other.variant) };
    const failed = samples.find((sample) => sample.failure !== null);
    if (failed !== undefined) {
      const { id } = variants[failed.variant]!;
      const reason = `${entry.id}, ${id}, ${warmUp ? 'warm-up ' : ''}round ${round}: ${failed.failure}.`;
      return { ...record, status: 'errored', reason };
    }
    observer.roundFinished(record);
  }
  return { ...record, status: 'ok' };
}

/** The next message, unless a process ends, the sample hangs or the measured process gives up. */
async function receiveFrom(
  child: Stage['child'],
  target: Target,
  signal: AbortSignal,
  variant?: CompleteVariant,
): Promise<FromMeasured> {
  const limitMs = Math.max(PATIENCE_FLOOR_MS, PATIENCE_FACTOR * (variant?.estimateMs ?? 0));
  const hung = AbortSignal.timeout(limitMs);
  const targetDied = new AbortController();
  const watching = target.process.ended.then((how) => targetDied.abort(new ChildDied(how)));
  const message = await child.receive(AbortSignal.any([signal, hung, targetDied.signal])).catch((error) => {
    if (error === hung.reason)
      throw new Error(
        `${variant?.id ?? 'The experiment'} gave no sign of life for ${Math.round(limitMs / 1000)} s.`,
      );
    throw error;
  });
  if (message.type !== 'failed') return message;
  await Promise.race([watching, wait(AFTERMATH_MS)]);
  targetDied.signal.throwIfAborted();
  throw new Error(message.message);
}

/** How long samples take: the medians so far, or what the variants themselves expect. */
function createEstimates(
  variants: readonly CompleteVariant[],
  entries: readonly RoundEntry[],
  begun: RunRecord,
) {
  const seen = variants.map((): number[] => []);
  const estimates = {
    learn({ variant, wallMs }: { readonly variant: number; readonly wallMs: number }) {
      seen[variant]!.push(wallMs);
    },
    /** Of one run of each of these entries, in ms. */
    leftMs(some: readonly RoundEntry[] = entries): number {
      return some.reduce((sum, { variant }) => {
        const times = seen[variant]!;
        return sum + (times.length === 0 ? variants[variant]!.estimateMs : median(times));
      }, 0);
    },
  };
  for (const sample of begun.samples) estimates.learn(sample);
  return estimates;
}
