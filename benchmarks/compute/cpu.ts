import type { ComputeSpan } from '../../harness/model/job.ts';

/** The steps between two looks at the clock, to measure the time of a step. */
const CALIBRATION_STEPS = 2_000_000;
/** The number of calibrations. The fastest counts, since other processes and the JIT compiler only add time. */
const CALIBRATION_TIMES = 30;

let stepsPerMs: number | undefined;

/** The steps of CPU work that take `ms` on an idle processor; calibrated once per process. */
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

/** The state is kept so that the compiler cannot remove the steps. */
let state = 1;

/** Does a fixed amount of CPU work, independent of the load on the processor. */
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
 * Computes in slices, and yields after each but the last.
 *
 * @param totalMs all CPU work, in ms
 * @param sliceMs the CPU work between two yields, in ms
 * @param giveWay null never yields
 * @returns the time spans of the CPU work
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
