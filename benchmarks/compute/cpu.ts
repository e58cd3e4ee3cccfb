import type { ComputeSpan } from '../../harness/model/job.ts';

/** So many steps are done before the clock is looked at, to learn how long a step takes. */
const CALIBRATION_STEPS = 2_000_000;
/** So often; the fastest time counts, which neither another process nor a compiler that is still at work has stretched. */
const CALIBRATION_TIMES = 30;

let stepsPerMs: number | undefined;

/** How much CPU work takes so many ms on an idle processor: always the same in this process once it was asked. */
export function stepsFor(ms: number): number {
  stepsPerMs ??= measureStepsPerMs();
  return Math.round(ms * stepsPerMs);
}

function measureStepsPerMs(): number {
  let fastestMs = Number.POSITIVE_INFINITY;
  for (let time = 1; time <= CALIBRATION_TIMES; time++) {
    const startMs = performance.now();
    doSteps(CALIBRATION_STEPS);
    fastestMs = Math.min(fastestMs, performance.now() - startMs);
  }
  return CALIBRATION_STEPS / fastestMs;
}

/** Kept, so that no compiler leaves the steps out. */
let state = 1;

/** Does so much CPU work, whatever else the processor is given to do meanwhile. */
export function doSteps(steps: number): void {
  let bits = state;
  for (let step = 0; step < steps; step++) {
    bits ^= bits << 13;
    bits ^= bits >>> 17;
    bits ^= bits << 5;
  }
  state = bits;
}

/**
 * Computes in slices, and gives way after each but the last.
 *
 * @param totalMs all CPU work, in ms
 * @param sliceMs how much of it comes before the next way is given
 * @param giveWay null where nothing is ever given way to
 * @returns when it computed
 */
export async function computeInSlices(
  job: number,
  totalMs: number,
  sliceMs: number,
  giveWay: (() => Promise<void>) | null,
): Promise<ComputeSpan[]> {
  const spans: ComputeSpan[] = [];
  const slices = Math.max(1, Math.round(totalMs / sliceMs));
  const steps = stepsFor(totalMs / slices);
  for (let slice = 1; slice <= slices; slice++) {
    const fromMs = performance.now();
    doSteps(steps);
    spans.push({ job, fromMs, toMs: performance.now() });
    if (giveWay !== null && slice < slices) await giveWay();
  }
  return spans;
}
