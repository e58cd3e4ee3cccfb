/** What a timeline is made of: the spans of each panel, and which part of the time is shown. */
import type { Row } from '../../model/row.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { TimeWindow } from '../picture.ts';

/** What of a record timelines are made of. */
export type Traced = Pick<RunRecord, 'variants' | 'traces'>;

/** Panels of which one is so many times as long as most show its beginning only: the others would be a thin line. */
const LONG = 4;
/** How much more than most of them need is shown then. */
const AIR = 1.25;
/** Jobs that compute begin one after the other; of more in a panel the waits beside them could not be seen. */
const MOST_COMPUTING = 150;

/** Something that took from one moment to another, in ms since the start. */
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
  /** How many requests there are in all. */
  readonly total: number;
  readonly endMs: number;
  readonly boundMs: number;
  readonly requests: readonly Span[];
  readonly compute: readonly Span[];
}

/** What of a panel is in a window: its spans, and the first and the last of their jobs. */
export interface CutPanel extends Panel {
  readonly first: number;
  readonly last: number;
}

/** Whether the requests of a row were traced, so that it has a panel. */
export function isTraced({ variants, traces }: Traced, { group, variant: id }: Row): boolean {
  return traces.some(({ variant }) => variants[variant]?.id === id && variants[variant].group === group);
}

/** A panel for each variant that was traced; `rows` give each its bound. */
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

/** Whether a moment can be seen. */
export function isWithin(timeMs: number, { fromMs, toMs }: TimeWindow): boolean {
  return timeMs > fromMs && timeMs < toMs;
}

function latest(spans: readonly Span[]): number {
  return spans.reduce((latestMs, { toMs }) => Math.max(latestMs, toMs), 0);
}

/** When the last of these panels ended, in ms. */
export function endOf(panels: readonly Panel[]): number {
  return Math.max(0, ...panels.map(({ endMs }) => endMs));
}

/** All of the time of these panels, with some air, in ms. */
export function wholeTime(panels: readonly Panel[]): number {
  return Math.max(1, endOf(panels)) * 1.02;
}

/** The part of the time in which most panels are seen at their best. */
export function windowOf(panels: readonly Panel[]): TimeWindow {
  const wholeMs = wholeTime(panels);
  const median = panels.toSorted((one, other) => one.endMs - other.endMs)[Math.floor(panels.length / 2)];
  if (median === undefined) return { fromMs: 0, toMs: wholeMs };
  const crowded = median.compute.length > 0 && median.total > MOST_COMPUTING;
  const mostMs = median.endMs * AIR * (crowded ? MOST_COMPUTING / median.total : 1);
  return { fromMs: 0, toMs: crowded || wholeMs > LONG * mostMs ? mostMs : wholeMs };
}

/** What of a panel is seen in a part of the time. */
export function cutTo(panel: Panel, { fromMs, toMs }: TimeWindow): CutPanel {
  const isIn = (span: Span) => span.toMs >= fromMs && span.fromMs <= toMs;
  const [requests, compute] = [panel.requests.filter(isIn), panel.compute.filter(isIn)];
  const jobs = [...requests, ...compute].map(({ job }) => job);
  const first = jobs.reduce((least, job) => Math.min(least, job), jobs[0] ?? 0);
  const last = jobs.reduce((most, job) => Math.max(most, job), first);
  return { ...panel, requests, compute, first, last };
}
