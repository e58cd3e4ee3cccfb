import { ioBoundMs } from '../../statistics/bound.ts';
import type { CatalogEntry } from '../plan/catalog.ts';
import { createPositions, type RoundEntry } from '../plan/round-entries.ts';
import { type CompleteVariant, shortPath } from '../plan/variants.ts';
import type { OpenTarget } from '../process/target.ts';
import { findFailure } from './checks.ts';
import { holdsOf, peakInFlightOf } from './evidence.ts';
import { garbageCollector } from './garbage.ts';
import type { FromMeasured, SampleFigures, ToMeasured, TraceFigures } from './messages.ts';
import { oneCallBench } from './one-call-bench.ts';
import type { PeerSampler } from './peer-sample.ts';
import { RowFailed } from './row-failure.ts';
import { createSample, type SampleOutcome } from './sample.ts';

/** Runs rounds of one experiment in this process. */
export interface RoundRunner {
  /**
   * Runs one round and sends each sample as soon as it is measured.
   *
   * @throws the error of a job or of the target, with the variant's name in front; Error if an entry names no variant
   */
  run(round: Extract<ToMeasured, { type: 'round' }>): Promise<void>;
}

/**
 * Prepares to run rounds.
 *
 * @param experiment its id is the first part of each sample's name
 * @param targets by their names
 * @param say sends a message to the conductor
 */
export async function createRoundRunner(
  { id: experimentId, file, experiment }: CatalogEntry,
  variants: readonly CompleteVariant[],
  targets: ReadonlyMap<string, OpenTarget>,
  say: (message: FromMeasured) => void,
): Promise<RoundRunner> {
  const collectGarbage = garbageCollector();
  const ofPeer = variants.some(({ peer }) => peer !== null) ? await loadPeerSampler() : null;
  const checksumOfGroup = new Map<string, string>();
  const positionOf = createPositions(experimentId, variants);
  const declaredIn = shortPath(file);
  const declaredMetrics = new Set((experiment.metrics ?? []).map(({ name }) => name));

  /** Returns the figures with their failed check, if any. */
  const judge = (
    variant: CompleteVariant,
    run: string,
    wallMs: number,
    outcome: SampleOutcome,
    { capacity = Number.POSITIVE_INFINITY }: OpenTarget,
  ): SampleFigures => {
    const { cpuMs, eventLoopUtilization, checksum, served, computeMs, metrics, evidence } = outcome;
    const holds = holdsOf(evidence);
    const requests = evidence.requests.length;
    const { bound = ioBoundMs } = variant;
    const limit = Math.min(variant.limit, capacity);
    const boundMs = bound({ holds, requests, limit, computeMs });
    const same = variant.sameResults ?? true;
    const expectedChecksum = same ? checksumOfGroup.get(variant.group) : undefined;
    if (same) checksumOfGroup.set(variant.group, expectedChecksum ?? checksum);
    return {
      wallMs,
      cpuMs,
      eventLoopUtilization,
      computeMs,
      metrics,
      boundMs,
      checksum,
      hold: holds,
      target: {
        requests,
        peakInFlight: peakInFlightOf(evidence),
        connectionsUsed: evidence.connections.used,
        connectionsOpened: evidence.connections.opened,
      },
      failure: findFailure({
        variant,
        declaredIn,
        served,
        run,
        wallMs,
        boundMs,
        checksum,
        expectedChecksum,
        evidence,
        metrics,
        declaredMetrics,
      }),
    };
  };

  return {
    async run({ round, warmUp, entries, traced }) {
      const bench = oneCallBench();
      for (const entry of entries) {
        const variant = variants[positionOf(entry)]!;
        const run = sampleName(experimentId, variant, entry, `${warmUp ? 'warm-up-' : ''}${round}`);
        const target = targets.get(variant.target)!;
        const sample =
          variant.peer === null
            ? createSample(variant, run, target, { declaredIn, collectGarbage })
            : ofPeer!(variant, run, target);
        bench.add(run, sample.measure, {
          async: true,
          beforeEach: async () => {
            say({ type: 'started', entry });
            await sample.prepare();
          },
          afterEach: sample.finish,
        });
        bench.getTask(run)?.addEventListener('cycle', ({ task }) => {
          if (task.result.state !== 'completed') return;
          const outcome = sample.outcome();
          if (outcome instanceof RowFailed) {
            if (process.env.DEBUG) console.error(outcome);
            return say({ type: 'lost', entry, reason: outcome.message, goesOn: outcome.goesOn });
          }
          const wallMs = task.result.latency.samples?.[0] ?? Number.NaN;
          say({
            type: 'sample',
            entry,
            figures: judge(variant, run, wallMs, outcome, target),
            trace: traced && !entry.twin && entry.repeat === undefined ? traceOf(outcome, target) : null,
          });
        });
      }
      await bench.run();
    },
  };
}

/** As in `crawl/semaphore@100/3`; if the variant has a group, it comes before the variant. */
function sampleName(
  experimentId: string,
  variant: CompleteVariant,
  entry: RoundEntry,
  round: string,
): string {
  const parts = [
    experimentId,
    variant.group,
    variant.id,
    round,
    entry.twin ? 'twin' : '',
    entry.repeat ?? '',
  ];
  return parts.filter((part) => part !== '').join('/');
}

/** By job, in ms since the first event, to a hundredth of a ms, which is finer than any picture. */
function traceOf({ evidence, ...outcome }: SampleOutcome, { remote }: OpenTarget): TraceFigures {
  // The offset between a remote clock and ours is unknown.
  const computeSpans = remote ? [] : outcome.computeSpans;
  const ourClockMs = evidence.timeOriginMs - performance.timeOrigin;
  const requests = evidence.requests.map(({ job, arrivedMs, releasedMs }) => ({
    job: job ?? 0,
    arrivedMs: arrivedMs + ourClockMs,
    releasedMs: (releasedMs ?? arrivedMs) + ourClockMs,
  }));
  // Evidence from answers is in the order of the jobs, not in the order of time.
  const startMs = requests.reduce(
    (firstMs, { arrivedMs }) => Math.min(firstMs, arrivedMs),
    computeSpans[0]?.fromMs ?? Infinity,
  );
  const sinceStart = (timeMs: number) => Math.max(0, Math.round((timeMs - startMs) * 100) / 100);
  requests.sort((one, other) => one.job - other.job);
  return {
    arrivedMs: requests.map(({ arrivedMs }) => sinceStart(arrivedMs)),
    releasedMs: requests.map(({ releasedMs }) => sinceStart(releasedMs)),
    compute: {
      job: computeSpans.map(({ job }) => job),
      fromMs: computeSpans.map(({ fromMs }) => sinceStart(fromMs)),
      toMs: computeSpans.map(({ toMs }) => sinceStart(toMs)),
    },
  };
}

/** The schemas of peers' messages would double the heap, and with it the time of each garbage collection. */
async function loadPeerSampler(): Promise<PeerSampler> {
  const { createPeerSampler } = await import('./peer-sample.ts');
  return createPeerSampler();
}
