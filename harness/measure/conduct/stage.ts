import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { RunRecord } from '../../record/schema.ts';
import type { PlannedExperiment } from '../plan/plan.ts';
import { type CompleteVariant, shortPath } from '../plan/variants.ts';
import { type Child, ChildDied, type Printed, startChild } from '../process/child.ts';
import { startTarget, type Target, type TargetPlace, withSeed } from '../process/target.ts';
import type { FromMeasured, ToMeasured } from './messages.ts';
import { silenceLimitMs } from './time-limits.ts';

const MEASURED = join(import.meta.dirname, 'measured.ts');
/** If a target ends, requests fail at once; the news of its end can come this much later. */
const AFTERMATH_MS = 300;

/** The versions of targets that are not part of this project, and which targets already ran before. */
export type FoundTargets = Pick<RunRecord, 'targetVersions' | 'givenTargets'>;

/** The processes of an experiment: its targets, and a measured process that knows them. */
export interface Stage {
  readonly found: FoundTargets;
  send(message: ToMeasured): void;
  /**
   * The next message.
   *
   * @param variant the variant of the expected sample, which sets the time limit
   * @throws MeasuredLost if the measured process ends or is silent for too long; ChildDied if a target ends; Error if the
   *   measured process gives up; the abort reason of the stage's signal
   */
  receive(variant?: CompleteVariant): Promise<FromMeasured>;
  /** Waits briefly for the news that a target has ended, which would explain a failure. @throws ChildDied, as `receive` */
  aftermath(): Promise<void>;
  /** What the measured process printed so far. */
  printed(): Printed;
  /** Resolves when all processes have ended. */
  end(): Promise<void>;
}

/** The measured process ended or hangs, with the row that it was measuring; another process can measure the other rows. */
export class MeasuredLost extends Error {}

/** A target or the measured process of an experiment did not get ready. Other experiments can still run. */
export class NotStarted extends Error {}

type Measured = Child<ToMeasured, FromMeasured>;

/** Starts the processes of a stage and sets how long they may be silent. */
export interface StageStarts {
  /** @throws as `startChild` */
  measured(choice: { readonly signal: AbortSignal; readonly keepProxy: boolean }): Promise<Measured>;
  readonly target: typeof startTarget;
  readonly silenceLimitMs: typeof silenceLimitMs;
}

const OUR_STARTS: StageStarts = {
  async measured(choice) {
    const { child } = await startChild<ToMeasured, FromMeasured>('The measured process', MEASURED, {
      ...choice,
      countsOutput: true,
    });
    return child;
  },
  target: startTarget,
  silenceLimitMs,
};

/**
 * Starts the targets and the measured process of an experiment.
 *
 * @param starts replaced in tests only
 * @throws NotStarted, once all started processes have ended; the abort reason of `signal`
 */
export async function startStage(
  plan: PlannedExperiment,
  signal: AbortSignal,
  starts: StageStarts = OUR_STARTS,
): Promise<Stage> {
  const { entry, record, peers } = plan;
  const processes = startProcesses(plan, starts, signal);
  try {
    const started = await processes.started;
    const stage = stageOf(entry, started, processes, starts);
    const places = placesOf(plan, started.targets);
    stage.send({ type: 'configure', file: entry.file, profile: record.profile, targets: places, peers });
    await stage.receive();
    return stage;
  } catch (cause) {
    await processes.end();
    if (signal.aborted) throw cause;
    throw new NotStarted(`${entry.id} could not start: ${(cause as Error).message}`, { cause });
  }
}

type Targets = ReadonlyMap<string, Target>;

interface Processes {
  /** Rejects when no process is starting any more. */
  readonly started: Promise<{ readonly child: Measured; readonly targets: Targets }>;
  /** Aborted when the run is interrupted or a target ends. */
  readonly stopped: AbortSignal;
  end(): Promise<void>;
}

function startProcesses(
  { record, targets: planned }: PlannedExperiment,
  starts: StageStarts,
  signal: AbortSignal,
): Processes {
  const targets = new Map<string, Target>();
  const targetDied = new AbortController();
  const stopped = AbortSignal.any([signal, targetDied.signal]);
  // All at the same time: each takes as long to start as Node.
  const measured = starts.measured({ signal: stopped, keepProxy: record.remote?.keepProxy === true });
  const wanted = record.remote === undefined ? Object.entries(planned) : [];
  const started = wanted.map(async ([name, { kind, options }]) => {
    const target = await starts.target(kind, withSeed(kind, options, record.seed), signal);
    targets.set(name, target);
    target.ended.then((how) => targetDied.abort(new ChildDied(how)));
  });
  const all: readonly Promise<unknown>[] = [measured, ...started];
  const settled = Promise.allSettled(all);
  return {
    stopped,
    started: settled.then(async () => {
      await Promise.all(all);
      return { child: await measured, targets };
    }),
    async end() {
      await settled;
      const ends = [...targets.values()].map((target) => target.end());
      await Promise.allSettled([measured.then((child) => child.kill()), ...ends]);
    },
  };
}

function stageOf(
  { file }: PlannedExperiment['entry'],
  { child, targets }: { readonly child: Measured; readonly targets: Targets },
  { stopped, end }: Processes,
  starts: StageStarts,
): Stage {
  const where = shortPath(file);
  const aftermath = async () => {
    await wait(AFTERMATH_MS);
    stopped.throwIfAborted();
  };
  return {
    found: foundTargets(targets),
    send: child.send,
    async receive(variant) {
      const limitMs = starts.silenceLimitMs(variant);
      const hung = AbortSignal.timeout(limitMs);
      const message = await child.receive(AbortSignal.any([stopped, hung])).catch(async (error) => {
        const silent = error === hung.reason;
        // A target that has just ended would explain both.
        if (silent || error instanceof ChildDied) await aftermath();
        if (silent)
          throw new MeasuredLost(`${where} gave no sign of life for ${Math.round(limitMs / 1000)} s`);
        if (!(error instanceof ChildDied)) throw error;
        throw new MeasuredLost(`${error.message.replace(/\.$/, '')} in ${where}`);
      });
      if (message.type === 'exiting') throw new MeasuredLost(`${where} called process.exit(${message.code})`);
      if (message.type !== 'failed') return message;
      await aftermath();
      throw new Error(message.message);
    },
    printed: child.printed,
    aftermath,
    end,
  };
}

/** The place of each target: where our own targets listen, or one remote server for all of them. */
function placesOf(
  { record: { remote }, targets: planned }: PlannedExperiment,
  targets: Targets,
): Record<string, TargetPlace> {
  const elsewhere = remote === undefined ? null : { origin: remote.origin, certificate: null };
  return Object.fromEntries(
    Object.entries(planned).map(([name, { kind, options }]): [string, TargetPlace] => {
      const address = elsewhere ?? targets.get(name)!.address;
      const capacity = kind.capacity?.(remote === undefined ? options : (remote.settings ?? {}));
      return [name, { address, witness: kind.witness, capacity, remote: elsewhere !== null }];
    }),
  );
}

function foundTargets(targets: Targets): FoundTargets {
  const versions = [...targets].flatMap(([name, { version }]) =>
    version === undefined ? [] : [[name, version] as const],
  );
  const given = [...targets].flatMap(([name, target]) => (target.given ? [name] : []));
  return {
    ...(versions.length === 0 ? {} : { targetVersions: Object.fromEntries(versions) }),
    ...(given.length === 0 ? {} : { givenTargets: given }),
  };
}
