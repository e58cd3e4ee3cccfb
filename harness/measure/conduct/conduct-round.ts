import type { RecordedTrace, RunRecord, Sample } from '../../record/schema.ts';
import type { Estimates } from '../plan/estimates.ts';
import { createPositions, entriesLeft, nameOf, type RoundEntry } from '../plan/round-entries.ts';
import { roundOrder } from '../plan/round-order.ts';
import type { CompleteVariant } from '../plan/variants.ts';
import type { SampleStarted } from './events.ts';
import { isTraceShown, type MeasuredRound, type RoundNumber } from './record-steps.ts';
import { MeasuredLost, type Stage } from './stage.ts';

/** The processes and settings that all rounds of an experiment share. */
export interface Conducting {
  readonly variants: readonly CompleteVariant[];
  readonly stage: Stage;
  readonly estimates: Estimates;
}

/** A row failed so that its process can measure no other; the message says why. */
export class RowBroke extends Error {
  /** The position of the row. */
  readonly row: number;

  constructor(row: number, cause: Error) {
    super(cause.message, { cause });
    this.row = row;
  }
}

/** A round to run. */
export interface RoundToRun extends RoundNumber {
  /** Whether the traces of this round are wanted. */
  readonly traced: boolean;
  /** The estimated duration of the rounds after this one. */
  readonly laterMs: number;
}

/**
 * Runs one round on the stage.
 *
 * @param record its state before the round
 * @returns the measured round
 * @throws RowBroke if a row ended the measured process, or would disturb others in it; other errors of the stage
 */
export async function* conductRound(
  { variants, stage, estimates }: Conducting,
  record: RunRecord,
  { warmUp, round, traced, laterMs }: RoundToRun,
): AsyncGenerator<SampleStarted, MeasuredRound> {
  const { experiment, seed, rounds } = record;
  const samples: Sample[] = [];
  const traces: RecordedTrace[] = [];
  const lost = new Map<number, string>();
  const entries = entriesLeft(variants, record, { warmUp, round });
  let leftOpen: MeasuredRound['leftOpen'] = {};
  if (entries.length === 0) return { samples, traces, lost, leftOpen };
  const ordered = inOrder(entries, { warmUp, round }, seed);
  const positionOf = createPositions(experiment.id, variants);
  stage.send({ type: 'round', round, warmUp, entries: ordered, traced });
  let running: number | undefined;
  for (let done = 0; ; ) {
    const left = ordered.slice(done);
    const variant = variants[positionOf(left[0] ?? ordered.at(-1)!)]!;
    const message = await stage.receive(variant).catch((error: Error) => {
      throw error instanceof MeasuredLost && running !== undefined ? new RowBroke(running, error) : error;
    });
    if (message.type === 'finished') {
      leftOpen = message.leftOpen;
      break;
    }
    if (message.type === 'started') {
      running = positionOf(message.entry);
      const leftMs = estimates.sumMs(left) + laterMs;
      const progress = { experiment: experiment.id, round, rounds, warmUp, variant: nameOf(variant), leftMs };
      yield { type: 'sample started', progress };
    } else if (message.type === 'lost') {
      const position = positionOf(message.entry);
      if (message.goesOn) throw new RowBroke(position, new Error(message.reason));
      lost.set(position, message.reason);
      done += 1;
    } else if (message.type === 'sample') {
      const { entry, figures, trace } = message;
      const { twin, repeat } = entry;
      const place = { variant: positionOf(entry), twin, ...(repeat === undefined ? {} : { repeat }) };
      const sample = { round, warmUp, position: done, ...place, ...figures };
      samples.push(sample);
      estimates.learn(sample);
      if (trace !== null && isTraceShown(record, variants[place.variant]!))
        traces.push({ variant: place.variant, ...trace });
      done += 1;
    }
  }
  // A set-up also fails if its target has just ended.
  if (lost.size > 0) await stage.aftermath();
  return { samples, traces, lost, leftOpen };
}

/** Warm-up rounds run in the order of the list. */
function inOrder(
  entries: readonly RoundEntry[],
  { warmUp, round }: RoundNumber,
  seed: number,
): readonly RoundEntry[] {
  return warmUp ? entries : roundOrder(entries.length, round, seed).map((position) => entries[position]!);
}
