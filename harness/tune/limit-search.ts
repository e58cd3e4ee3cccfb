/** The search for a limit: which step comes next, given what those before it found. It knows no clock and no sockets. */

import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { mean } from 'simple-statistics';
import { shuffled } from '../measure/plan/round-order.ts';
import { pseudoMedian } from '../statistics/signed-rank.ts';
import { isRefused, type Step, type StepFigures, type StepRequest } from './steps.ts';

/** A doubling must gain this share of throughput for the next one. */
const LEAST_GAIN = 0.1;
/** A median latency of this many times the least ends the doubling. */
const MOST_LATENCY = 2;
/** Rounds of L/2, L and 2L: as many as an exact interval of 95 % needs. */
export const ROUNDS = 6;
/** More rounds follow while the interval is this wide, as the ratio of its ends, up to a number of rounds. */
const WIDE = 1.6;
const MOST_ROUNDS = 10;
/** An interval of whole numbers with no more than this between its ends is never wide. */
const CLOSE = 2;
/** After this many rounds, L is chosen anew if the knee is this far from it. */
const EARLY_ROUNDS = 2;
const FAR = 1.8;
/** L is chosen this many times above a knee near 2L. */
const GROWTH = 1.5;
/** How often L is chosen. */
const MOST_CHOICES = 5;
/** A confirmation sends at most this many jobs, or three a slot. */
const MOST_CONFIRMING = 500;
/** The most limit that a search tries may itself be saturated, if L is below this share of it. */
const BELOW_MOST = 0.75;

export interface SearchSettings {
  /** The most in flight, from 1. */
  readonly most: number;
  /** For the order of rounds. */
  readonly seed: number;
}

/** How many jobs a step sends: three a slot, and at least 20 that count between filling and draining. */
export function jobsOfStep(limit: number): number {
  return Math.max(3 * limit, 20 + 2 * limit);
}

/**
 * Yields the steps of a search. It ends where more would not change the answer; it may be stopped before.
 *
 * @returns nothing: {@link import('./tune-answer.ts').answerOf} reads the answer from the steps
 */
export function* searchLimit({ most, seed }: SearchSettings): Generator<StepRequest, void, StepFigures> {
  const steps: Step[] = [];
  function* take(request: StepRequest): Generator<StepRequest, StepFigures, StepFigures> {
    const figures = yield request;
    steps.push({ ...request, figures });
    return figures;
  }

  for (let limit = 1; ; limit = Math.min(2 * limit, most)) {
    const figures = yield* take({ phase: 'doubling', limit, jobs: jobsOfStep(limit) });
    if (figures.exhausted !== null) return;
    if (isRefused(figures)) return yield* confirm(steps, take);
    if (limit === most || !gains(steps)) break;
  }
  const [first] = steps;
  if (first!.figures.perSecond === null) return;
  let centre = estimateOf(steps, most);
  if (steps.at(-1)!.limit === most && gains(steps) && centre > BELOW_MOST * most) return;

  for (let choice = 1; choice <= MOST_CHOICES; choice++) {
    const top = Math.min(2 * centre, most);
    const limits = [...new Set([halfOf(centre), Math.min(centre, most), top])];
    const random = xoroshiro128plus(seed + choice);
    const draw = (below: number) => uniformInt(random, 0, below - 1);
    for (let round = 1; round <= ROUNDS || (round <= MOST_ROUNDS && isWide(steps, centre)); round++) {
      for (const place of shuffled(limits.length, draw)) {
        const limit = limits[place]!;
        const figures = yield* take({ phase: 'rounds', limit, jobs: jobsOfStep(limit), round, centre });
        if (figures.exhausted !== null) return;
        if (isRefused(figures)) return yield* confirm(steps, take);
      }
      if (round === EARLY_ROUNDS && choice < MOST_CHOICES && isFar(steps, centre, most)) break;
    }
    if (!isFar(steps, centre, most) || choice === MOST_CHOICES) return;
    const knee = kneeAround(steps, centre)!.value;
    // A knee near 2L means that throughput grew all the way: the true one may lie far above.
    centre = Math.min(most, Math.max(2, Math.round(knee > centre ? GROWTH * knee : knee)));
  }
}

/** Whether the last doubling gained enough for another one. */
function gains(steps: readonly Step[]): boolean {
  const [before, last] = steps.slice(-2).map(({ figures }) => figures);
  if (last === undefined) return true;
  if (before!.perSecond === null || last.perSecond === null) return false;
  const leastMs = Math.min(
    ...steps.map(({ figures }) => figures.medianLatencyMs ?? Number.POSITIVE_INFINITY),
  );
  return (
    last.perSecond >= (1 + LEAST_GAIN) * before!.perSecond && last.medianLatencyMs! <= MOST_LATENCY * leastMs
  );
}

/** Little's law: the most throughput of any step times the least mean latency of any step; from 2 to the most. */
export function estimateOf(steps: readonly Step[], most: number): number {
  const figures = steps.map((step) => step.figures).filter(({ perSecond }) => perSecond !== null);
  const perSecond = Math.max(...figures.map((each) => each.perSecond!));
  const latencyMs = Math.min(...figures.map((each) => each.meanLatencyMs!));
  return Math.max(2, Math.min(most, Math.round((perSecond * latencyMs) / 1000)));
}

/** L/2. */
export function halfOf(centre: number): number {
  return Math.max(1, Math.round(centre / 2));
}

/** The knees of the whole rounds around L: L/2 times the throughput at 2L over that at L/2. */
export function kneesAround(steps: readonly Step[], centre: number): number[] {
  return throughputsAround(steps, centre).map(({ half, top }) => (halfOf(centre) * top) / half);
}

/** The throughputs of each whole round around L. */
export function throughputsAround(
  steps: readonly Step[],
  centre: number,
): { readonly half: number; readonly middle: number; readonly top: number }[] {
  const rounds = Map.groupBy(
    steps.filter((step) => step.phase === 'rounds' && step.centre === centre),
    ({ round }) => round,
  );
  const topOf = (members: readonly Step[]) => Math.max(...members.map(({ limit }) => limit));
  const top = topOf([...rounds.values()].flat());
  return [...rounds.values()].flatMap((members) => {
    const at = (limit: number) => members.find((step) => step.limit === limit)?.figures.perSecond ?? null;
    const [half, middle, high] = [at(halfOf(centre)), at(centre), at(top)];
    return half === null || middle === null || high === null ? [] : [{ half, middle, top: high }];
  });
}

/** The pseudo-median of the knees around L, with its exact interval of 95 %, both by logarithms; null without a round. */
export function kneeAround(
  steps: readonly Step[],
  centre: number,
): { readonly value: number; readonly low: number | null; readonly high: number | null } | null {
  return ratioOf(kneesAround(steps, centre));
}

/** The pseudo-median of positive values with its exact interval of 95 %, by logarithms; null without values. */
export function ratioOf(
  values: readonly number[],
): { readonly value: number; readonly low: number | null; readonly high: number | null } | null {
  if (values.length === 0) return null;
  const { value, interval } = pseudoMedian(values.map(Math.log));
  return {
    value: Math.exp(value),
    low: interval === null ? null : Math.exp(interval.low),
    high: interval === null ? null : Math.exp(interval.high),
  };
}

/** Whether the rounds so far say that L is the wrong place to look. */
function isFar(steps: readonly Step[], centre: number, most: number): boolean {
  const knees = kneesAround(steps, centre);
  if (knees.length === 0) return false;
  const knee = Math.exp(mean(knees.map(Math.log)));
  if (knee > FAR * centre) return centre < most;
  return knee < centre / FAR && centre > 2;
}

/** Whether the interval of the knee is wider than it need be. */
function isWide(steps: readonly Step[], centre: number): boolean {
  const knee = kneeAround(steps, centre);
  if (knee === null || knee.low === null || knee.high === null) return true;
  return knee.high / knee.low > WIDE && Math.ceil(knee.high) - Math.floor(knee.low) > CLOSE;
}

type Take = (request: StepRequest) => Generator<StepRequest, StepFigures, StepFigures>;

/**
 * After a refusal: tries the largest limit that was not refused for as many jobs as were sent before, since a rate limit
 * shows only when its burst is used up. If that is refused as well, the throughput so far says how much the target accepts.
 */
function* confirm(steps: readonly Step[], take: Take): Generator<StepRequest, void, StepFigures> {
  for (let candidate = largestClean(steps); candidate !== null; ) {
    const sent = steps.reduce((sum, { figures }) => sum + figures.jobs, 0);
    const jobs = Math.max(jobsOfStep(candidate), Math.min(sent, MOST_CONFIRMING));
    const figures = yield* take({ phase: 'confirming', limit: candidate, jobs });
    if (!isRefused(figures) || figures.exhausted !== null || candidate === 1) return;
    candidate = Math.max(1, Math.min(Math.floor(candidate / 2), acceptedLimit(steps)));
  }
}

/**
 * The limit that was confirmed after a refusal, or else the largest with a clean step below all refused limits.
 *
 * @returns null if even one at a time was refused
 */
export function largestClean(steps: readonly Step[]): number | null {
  const last = steps.at(-1);
  if (last?.phase === 'confirming' && !isBad(last.figures)) return last.limit;
  const refused = Math.min(...steps.filter(({ figures }) => isBad(figures)).map(({ limit }) => limit));
  const clean = steps.filter(({ limit, figures }) => limit < refused && !isBad(figures));
  return clean.length === 0 ? null : Math.max(...clean.map(({ limit }) => limit));
}

function isBad(figures: StepFigures): boolean {
  return isRefused(figures) || figures.exhausted !== null;
}

/** The limit that keeps to the throughput that the target accepted on average, by Little's law. */
function acceptedLimit(steps: readonly Step[]): number {
  const seconds = steps.reduce((sum, { figures }) => sum + figures.seconds, 0);
  const succeeded = steps.reduce((sum, { figures }) => sum + figures.succeeded, 0);
  const latencies = steps.flatMap(({ figures }) => figures.meanLatencyMs ?? []);
  return latencies.length === 0 ? 1 : Math.floor(((succeeded / seconds) * Math.min(...latencies)) / 1000);
}
