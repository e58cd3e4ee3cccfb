/** The answer of a search, from its steps alone. */
import { median } from 'simple-statistics';
import { estimateOf, halfOf, kneeAround, largestClean, ratioOf, throughputsAround } from './limit-search.ts';
import { isRefused, type Step } from './steps.ts';

/** Why more at once does not pay, by name. */
export type Reason =
  | 'refused'
  | 'files'
  | 'hidden-limit'
  | 'client-cpu'
  | 'slower'
  | 'saturated'
  | 'not-reached';

type Ratio = NonNullable<ReturnType<typeof ratioOf>>;

/** A limit with what it rests on. */
export interface TuneAnswer {
  readonly limit: number;
  /** The interval of 95 %, rounded outwards; null where the steps give none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly reason: Reason;
  /** The knee before it is rounded; null without a whole round. */
  readonly knee: number | null;
  /** The limit above the answer that was compared with it, and what it brought; null if none was. */
  readonly above: {
    readonly limit: number;
    /** Its throughput over that at the middle of the rounds. */
    readonly throughput: Ratio;
    /** Its latency over that at the middle of the rounds. */
    readonly latency: number;
  } | null;
  /** What stopped it: a status, a code, a cap or a share; null where the reason has no such detail. */
  readonly detail: string | null;
  /** The smallest limit that was refused; null if none was. */
  readonly refusedAt: number | null;
  /** What the last doubling gained in throughput, as a share; null with fewer than two. */
  readonly lastGain: number | null;
}

/** One core that is busy for this share of the time bounds the throughput. */
const BUSY = 0.9;
/** In flight below this share of what was asked for is a limit in the client. */
const BELOW_ASKED = 0.75;
/** Below such a limit all that was asked for is in flight, with this tolerance; jobs that also wait elsewhere have less. */
const SAME = 1.1;
/** Sockets are the limit of a client if their number lies this near to the knee. */
const NEAR = 1.25;
/** Whole numbers come out of logarithms with less error than this. */
const CALCULATED = 1e-6;
/** A throughput that is lower by this share makes a target slower. */
const LOSS = 0.05;

/**
 * Reads the answer from the steps of a search, whole or not.
 *
 * @returns null if no throughput was measured
 */
export function answerOf(given: readonly Step[], most: number): TuneAnswer | null {
  const steps = given.filter(({ figures }) => !figures.cut);
  const measured = steps.filter(({ figures }) => figures.perSecond !== null && !isRefused(figures));
  if (measured.length === 0) return null;
  const bad = steps.filter(({ figures }) => isRefused(figures) || figures.exhausted !== null);
  if (bad.length > 0) return turnedAway(steps, bad);
  const centre = centreOf(steps);
  const knee = centre === undefined ? null : kneeAround(steps, centre);
  if (centre === undefined || knee === null) return withoutRounds(measured, most);
  const answer = fromRounds(steps, centre, knee);
  const top = answer.above!.limit;
  // Where the interval reaches the most that may be tried, nothing shows a limit below it.
  if (answer.reason !== 'saturated' || top < most || (answer.high ?? answer.limit) < most) return answer;
  return { ...answer, limit: most, low: answer.low, high: null, reason: 'not-reached' };
}

/** The last L whose rounds give an interval, or else the last L with a whole round; undefined without one. */
function centreOf(steps: readonly Step[]): number | undefined {
  const centres = [...new Set(steps.flatMap(({ centre }) => centre ?? []))].reverse();
  const knees = centres.map((centre) => ({ centre, knee: kneeAround(steps, centre) }));
  const withInterval = knees.find(({ knee }) => knee !== null && knee.low !== null);
  return (withInterval ?? knees.find(({ knee }) => knee !== null))?.centre;
}

function turnedAway(steps: readonly Step[], bad: readonly Step[]): TuneAnswer | null {
  const limit = largestClean(steps);
  if (limit === null) return null;
  const lowest = bad.reduce((one, other) => (other.limit < one.limit ? other : one));
  const { exhausted, refusal, failure } = lowest.figures;
  return {
    ...NOTHING,
    limit,
    low: limit,
    high: limit,
    reason: refusal === null && exhausted !== null ? 'files' : 'refused',
    detail: refusal?.what ?? exhausted ?? failure,
    refusedAt: lowest.limit,
  };
}

const NOTHING = { knee: null, above: null, detail: null, refusedAt: null, lastGain: null } as const;

function withoutRounds(measured: readonly Step[], most: number): TuneAnswer {
  const [before, last] = [measured.at(-2), measured.at(-1)!];
  const lastGain = before === undefined ? null : last.figures.perSecond! / before.figures.perSecond! - 1;
  const estimate = estimateOf(measured, most);
  const reached = lastGain !== null && lastGain < 0.1;
  return {
    ...NOTHING,
    limit: reached ? estimate : last.limit,
    low: reached ? null : last.limit,
    high: null,
    reason: reached ? 'saturated' : 'not-reached',
    lastGain,
  };
}

function fromRounds(steps: readonly Step[], centre: number, knee: Ratio): TuneAnswer {
  const rounds = steps.filter((step) => step.phase === 'rounds' && step.centre === centre);
  const top = Math.max(...rounds.map(({ limit }) => limit));
  const throughputs = throughputsAround(steps, centre);
  const throughput = ratioOf(throughputs.map((each) => each.top / each.middle))!;
  const latencyAt = (limit: number) =>
    median(
      rounds.filter((step) => step.limit === limit).flatMap(({ figures }) => figures.meanLatencyMs ?? []),
    );
  const above = { limit: top, throughput, latency: latencyAt(top) / latencyAt(centre) };
  const rounded = {
    limit: Math.max(1, Math.round(knee.value)),
    low: knee.low === null ? null : Math.max(1, Math.floor(knee.low + CALCULATED)),
    high: knee.high === null ? null : Math.ceil(knee.high - CALCULATED),
  };
  const cause = causeOf(rounds, { centre, top, knee: knee.value, throughput });
  const cap = cause.cap ?? null;
  return {
    ...NOTHING,
    ...(cap === null
      ? rounded
      : { limit: cap, low: least(rounded.low, cap), high: greatest(rounded.high, cap) }),
    knee: knee.value,
    above,
    reason: cause.reason,
    detail: cause.detail,
  };
}

function least(value: number | null, other: number): number | null {
  return value === null ? null : Math.min(value, other);
}

function greatest(value: number | null, other: number): number | null {
  return value === null ? null : Math.max(value, other);
}

interface Place {
  readonly centre: number;
  readonly top: number;
  readonly knee: number;
  readonly throughput: Ratio;
}

/** The first reason that fits the rounds. */
function causeOf(
  rounds: readonly Step[],
  place: Place,
): { readonly reason: Reason; readonly detail: string | null; readonly cap?: number } {
  const atTop = rounds.filter(({ limit }) => limit === place.top).map(({ figures }) => figures);
  const busy = median(atTop.map(({ loopUtilization, cpuShare }) => Math.max(loopUtilization, cpuShare)));
  const cap = busy < BUSY ? capOf(rounds, place) : null;
  if (cap !== null) return { reason: 'hidden-limit', detail: String(cap), cap };
  if (busy >= BUSY) return { reason: 'client-cpu', detail: String(Math.min(1, busy)) };
  const { value, high } = place.throughput;
  if (value < 1 - LOSS && (high ?? value) < 1) return { reason: 'slower', detail: null };
  return { reason: 'saturated', detail: null };
}

/** What is in flight at the sockets, if it stays below what was asked for; null if nothing says so. */
function capOf(rounds: readonly Step[], { centre, top, knee }: Place): number | null {
  const at = (limit: number, figure: (step: Step) => number | null) =>
    Math.max(0, ...rounds.filter((step) => step.limit === limit).map((step) => figure(step) ?? 0));
  const inFlight = ({ figures }: Step) => figures.peakAtSockets;
  const [atTop, atCentre] = [at(top, inFlight), at(centre, inFlight)];
  if (atTop > 0)
    return atTop <= BELOW_ASKED * top && SAME * atCentre >= Math.min(centre, atTop) ? atTop : null;
  // Without HTTP, the sockets themselves may be what jobs wait for.
  const sockets = at(top, ({ figures }) => figures.peakSockets);
  const isKnee = sockets > 0 && Math.max(knee / sockets, sockets / knee) <= NEAR;
  return isKnee && sockets <= BELOW_ASKED * top && halfOf(centre) < sockets ? sockets : null;
}
