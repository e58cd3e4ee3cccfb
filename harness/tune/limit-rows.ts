/** The table of a search: a line for each limit. */
import { median } from 'simple-statistics';
import { formatTime, threeDigits } from '../findings/numbers.ts';
import { isRefused, type Step } from './steps.ts';

/** One line of the table: all steps of a limit. */
export interface LimitRow {
  readonly limit: number;
  readonly steps: number;
  readonly perSecond: number | null;
  /** The mean latency of a closed loop. */
  readonly latencyMs: number | null;
  readonly failed: number;
  readonly refused: boolean;
}

const MOST_ROWS = 10;

/** The medians of all steps of each limit, in ascending order; the smallest are left out if there are more than ten. */
export function limitRows(steps: readonly Step[], mostRows = MOST_ROWS): LimitRow[] {
  const groups = Map.groupBy(
    steps.filter(({ figures }) => !figures.cut || figures.perSecond !== null),
    ({ limit }) => limit,
  );
  const middle = (values: readonly number[]) => (values.length === 0 ? null : median([...values]));
  return [...groups]
    .sort(([one], [other]) => one - other)
    .slice(-mostRows)
    .map(([limit, members]) => ({
      limit,
      steps: members.length,
      perSecond: middle(members.flatMap(({ figures }) => figures.perSecond ?? [])),
      latencyMs: middle(members.flatMap(({ figures }) => figures.meanLatencyMs ?? [])),
      failed: members.reduce((sum, { figures }) => sum + figures.failed + figures.refused, 0),
      refused: members.some(({ figures }) => isRefused(figures)),
    }));
}

export const LIMIT_HEADINGS = ['at once', 'steps', 'a second', 'closed-loop latency', 'failed'];

/** The cells of a line of the table. */
export function limitCells({ limit, steps, perSecond, latencyMs, failed, refused }: LimitRow): string[] {
  return [
    String(limit),
    String(steps),
    perSecond === null ? '-' : threeDigits(perSecond),
    latencyMs === null ? '-' : formatTime(latencyMs),
    refused ? `${failed}, refused` : String(failed),
  ];
}
