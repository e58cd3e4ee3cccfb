/**
 * Searches for the settings of the rule `knee` on simulated schedules of one seed, and tries them on those of another.
 * `node studies/adaptive/tune-knee.ts SECONDS`; 0 seconds only try the present settings.
 */
import { KNEE, knee } from '../../benchmarks/strategies/adaptive/knee.ts';
import type { LimitRule } from '../../benchmarks/strategies/adaptive/rule.ts';
import { type RandomSchedule, randomSchedules, SCHEDULE_MS } from './random-schedules.ts';
import { simulate } from './station.ts';

const TUNING_SEED = 5;
const JUDGING_SEED = 105;
const EACH = 5;
/** As a client on the same machine: from an answer to the next request; and a second of Retry-After. */
const RUN = { durationMs: SCHEDULE_MS, pauseMs: 0.6, restMs: 1000, burst: 40 };

/** The search leaves what these say as it is. */
const KEPT = ['initial', 'leastAnswers'];

/** The worst of each kind: answers as a share of those with the fitting limit, and the share that is refused. */
export interface Worst {
  readonly served: number;
  readonly refused: number;
}

function clairvoyant({ limitAt }: RandomSchedule): LimitRule<null> {
  const step = (ms: number) => ({ limit: limitAt(ms), state: null });
  return { start: step(0), heedsDrops: false, next: (_, { nowMs }) => step(nowMs) };
}

/** Tries the present settings on schedules. */
function worstOf(schedules: readonly RandomSchedule[]): Map<string, Worst> {
  const worst = new Map<string, Worst>();
  for (const schedule of schedules) {
    const possible = simulate(clairvoyant(schedule), { ...RUN, at: schedule.at }).served;
    const { served, refused } = simulate(knee({ max: 200 }), { ...RUN, at: schedule.at });
    const before = worst.get(schedule.name) ?? { served: 1, refused: 0 };
    worst.set(schedule.name, {
      served: Math.min(before.served, served / possible),
      refused: Math.max(before.refused, refused / (served + refused)),
    });
  }
  return worst;
}

/** Above all, what falls behind the demands costs: 0.95 of what is possible, and 1 % refused. */
function costOf(worst: ReadonlyMap<string, Worst>): number {
  return [...worst.values()].reduce(
    (cost, { served, refused }) =>
      cost +
      Math.max(0, 0.985 - served) * 100 +
      Math.max(0, 0.965 - served) * 200 +
      Math.max(0, refused - 0.006) * 800,
    0,
  );
}

function search(seconds: number): void {
  const settings: Record<string, number> = KNEE;
  const names = Object.keys(settings).filter((name) => !KEPT.includes(name));
  const schedules = randomSchedules(TUNING_SEED, EACH);
  let best = { ...settings };
  let least = costOf(worstOf(schedules));
  for (const untilMs = performance.now() + seconds * 1000; performance.now() < untilMs; ) {
    Object.assign(settings, best);
    for (const name of names)
      if (Math.random() < 2 / names.length) settings[name]! *= 0.8 + 0.4 * Math.random();
    const cost = costOf(worstOf(schedules));
    if (cost >= least) continue;
    [best, least] = [{ ...settings }, cost];
  }
  Object.assign(settings, best);
}

function tell(seed: number): void {
  for (const [name, { served, refused }] of worstOf(randomSchedules(seed, EACH)))
    console.log(
      `seed ${seed}, ${name}: at worst ${(100 * served).toFixed(1)} % of the fitting limit's answers, ${(100 * refused).toFixed(2)} % refused`,
    );
}

if (import.meta.main) {
  search(Number(process.argv[2] ?? 0));
  console.log(JSON.stringify(KNEE));
  tell(TUNING_SEED);
  tell(JUDGING_SEED);
}
