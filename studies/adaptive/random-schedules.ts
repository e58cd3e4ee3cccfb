import type { StationState } from './station.ts';

/** A simulated schedule with the limit that fits it. */
export interface RandomSchedule {
  readonly name: string;
  at(ms: number): StationState;
  limitAt(ms: number): number;
}

/** How long each schedule takes. */
export const SCHEDULE_MS = 6000;
/** For how long requests share a slowness. */
const ROUGH_MS = 60;

/**
 * Schedules of the kinds on which adaptive limits are judged, with values at random: capacity, latency, noise, a limited
 * rate, and a neighbour that takes half of the capacity in bursts. Each comes twice: as it is, and rough, with latencies that all requests
 * of a short time share, as on a machine that others use.
 *
 * @param seed other seeds make other schedules
 * @param count how many of each kind
 */
export function randomSchedules(seed: number, count: number): RandomSchedule[] {
  let state = seed >>> 0;
  const between = (least: number, most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return least + ((most - least) * state) / 2 ** 32;
  };
  const whole = (least: number, most: number) => Math.round(between(least, most));
  return Array.from({ length: count }, (): RandomSchedule[] => {
    const usual = {
      ...{
        capacity: whole(20, 70),
        queue: whole(12, 40),
        holdMs: between(25, 60),
        sigma: between(0.01, 0.06),
      },
      rate: Number.POSITIVE_INFINITY,
    };
    const { capacity, holdMs } = usual;
    const [first, second, third] = [whole(12, 90), whole(12, 90), whole(12, 90)];
    const [one, other] = [between(1500, 2500), between(3500, 4500)];
    const stepped = (ms: number) => (ms < one ? first : ms < other ? second : third);
    const [factor, routeMs, sigma, share] = [
      between(1.4, 2.6),
      between(1500, 4500),
      between(0.2, 0.7),
      between(0.3, 0.8),
    ];
    const [repeatMs, calm] = [between(700, 1500), between(0.6, 0.8)];
    const bursts = (ms: number) => (ms % repeatMs > calm * repeatMs ? Math.round(capacity / 2) : capacity);
    const slowness = Array.from(
      { length: Math.ceil(SCHEDULE_MS / ROUGH_MS) + 1 },
      () => 1 + Math.max(0, between(-0.6, 0.6)),
    );
    const smooth: RandomSchedule[] = [
      { name: 'capacity', at: (ms) => ({ ...usual, capacity: stepped(ms) }), limitAt: stepped },
      {
        name: 'latency',
        at: (ms) => ({ ...usual, holdMs: ms < routeMs ? holdMs : holdMs * factor }),
        limitAt: () => capacity,
      },
      { name: 'noise', at: () => ({ ...usual, sigma }), limitAt: () => capacity },
      {
        name: 'rate',
        at: () => ({ ...usual, rate: (share * capacity * 1000) / holdMs }),
        limitAt: () => Math.max(1, Math.floor(share * capacity)),
      },
      { name: 'bursts', at: (ms) => ({ ...usual, capacity: bursts(ms) }), limitAt: bursts },
    ];
    const rough = smooth.map(({ name, at, limitAt }) => ({
      name: `${name}, rough`,
      limitAt,
      at(ms: number) {
        const state = at(ms);
        return { ...state, holdMs: state.holdMs * slowness[Math.floor(ms / ROUGH_MS)]! };
      },
    }));
    return [...smooth, ...rough];
  }).flat();
}
