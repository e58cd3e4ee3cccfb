/** The data of a timeline: the spans of each panel, and the visible part of the time. */
import type { Row } from '../../model/row.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { TimeWindow } from '../picture.ts';

/** The parts of a record that timelines use. */
export type Traced = Pick<RunRecord, 'variants' | 'traces'>;

/** If a panel is this many times as long as most, only its beginning is shown, so that the others stay readable. */
const LONG = 4;
/** The visible time, as a multiple of the time that most panels need. */
const AIR = 1.25;
/** The most computing jobs per panel: they begin in sequence, so with more jobs the waits would be too thin to see. */
const MOST_COMPUTING = 150;

/** A time span, in ms since the start. */
export interface Span {
  readonly job: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One variant's requests and CPU work. */
export interface Panel {
  readonly axis: string;
  readonly variant: number;
  readonly name: string;
  /** The number of all requests. */
  readonly total: number;
  readonly endMs: number;
  readonly boundMs: number;
  readonly requests: readonly Span[];
  readonly compute: readonly Span[];
}

/** The part of a panel inside a window: its spans, and the first and the last of their jobs. */
export interface CutPanel extends Panel {
  readonly first: number;
  readonly last: number;
}

/** Whether the requests of a row were traced, so that it has a panel. */
export function isTraced({ variants, traces }: Traced, { group, variant: id }: Row): boolean {
  return traces.some(({ variant }) => variants[variant]?.id === id && variants[variant].group === group);
}

/** A panel per traced variant; its bound comes from `rows`. */
export function panelsOf(
  record: Traced,
  rows: readonly Row[],
  groups: readonly string[] | undefined,
): Panel[] {
  const shown = record.traces.filter(
    ({ variant }) => groups === undefined || groups.includes(record.variants[variant]?.group ?? ''),
  );
  const several = new Set(shown.map(({ variant }) => record.variants[variant]?.group)).size > 1;
  return shown.map(({ variant, arrivedMs, releasedMs, compute }, index) => {
    const { id = '', group = '' } = record.variants[variant] ?? {};
    const requests = arrivedMs.map((fromMs, job) => ({ job, fromMs, toMs: releasedMs[job] ?? fromMs }));
    const computed = compute.job.map((job, span) => ({
      job,
      fromMs: compute.fromMs[span] ?? 0,
      toMs: compute.toMs[span] ?? 0,
    }));
    return {
      axis: `y${index}`,
      variant,
      name: several ? `${group} ${id}` : id,
      total: requests.length,
      endMs: latest([...requests, ...computed]),
      boundMs: rows.find((row) => row.variant === id && row.group === group)?.boundMs ?? 0,
      requests,
      compute: computed,
    };
  });
}

/** Whether a moment is visible. */
export function isWithin(timeMs: number, { fromMs, toMs }: TimeWindow): boolean {
  return timeMs > fromMs && timeMs < toMs;
}

function latest(spans: readonly Span[]): number {
  return spans.reduce((latestMs, { toMs }) => Math.max(latestMs, toMs), 0);
}

/** The end of the last panel, in ms. */
export function endOf(panels: readonly Panel[]): number {
  return Math.max(0, ...panels.map(({ endMs }) => endMs));
}

/** The whole time of these panels with a margin, in ms. */
export function wholeTime(panels: readonly Panel[]): number {
  return Math.max(1, endOf(panels)) * 1.02;
}

/** The part of the time that shows most panels best. */
export function windowOf(panels: readonly Panel[]): TimeWindow {
  const wholeMs = wholeTime(panels);
  const median = panels.toSorted((one, other) => one.endMs - other.endMs)[Math.floor(panels.length / 2)];
  if (median === undefined) return { fromMs: 0, toMs: wholeMs };
  const crowded = median.compute.length > 0 && median.total > MOST_COMPUTING;
  const mostMs = median.endMs * AIR * (crowded ? MOST_COMPUTING / median.total : 1);
  return { fromMs: 0, toMs: crowded || wholeMs > LONG * mostMs ? mostMs : wholeMs };
}

/** The part of a panel inside a window. */
export function cutTo(panel: Panel, { fromMs, toMs }: TimeWindow): CutPanel {
  const isIn = (span: Span) => span.toMs >= fromMs && span.fromMs <= toMs;
  const [requests, compute] = [panel.requests.filter(isIn), panel.compute.filter(isIn)];
  const jobs = [...requests, ...compute].map(({ job }) => job);
  const first = jobs.reduce((least, job) => Math.min(least, job), jobs[0] ?? 0);
  const last = jobs.reduce((most, job) => Math.max(most, job), first);
  return { ...panel, requests, compute, first, last };
}
