/** The texts above the bars of each panel of a timeline. */
import type { Chart } from 'chart.js';
import { formatTime } from '../../findings/numbers.ts';
import { fontOf, textLines, textWidth } from '../labels.ts';
import type { Palette } from '../palette.ts';
import type { TimeWindow } from '../picture.ts';
import { fontSized } from '../style.ts';
import type { CutPanel } from './panels.ts';

const HEAD_LINE_HEIGHT = 15;
/** Between the sides of a panel and its texts. */
const HEAD_AIR = 4;

/** The height of a head with this many lines, in pixels. */
export function headHeight(lines: number): number {
  return lines * HEAD_LINE_HEIGHT + 2 * HEAD_AIR;
}

/** The texts above the bars of a panel. */
interface Head {
  readonly name: string;
  /** Its end, or its visible part. */
  readonly facts: string;
}

/** The head of a panel; the options of its axis have its name in drawable letters. */
export function headOf(chart: Chart, { axis, endMs, total, requests }: CutPanel, { toMs }: TimeWindow): Head {
  const { name } = chart.config.options!.scales![axis] as unknown as { name: string };
  const count = requests.length < total ? `${requests.length} of ${total} requests, ` : '';
  return { name, facts: `${count}${endMs > toMs ? 'goes on to ' : ''}${formatTime(endMs)}` };
}

const nameFont = () => fontSized(12, 600);
const factsFont = () => fontSized(12);

/** The lines of a head: name and facts share a line if both fit. */
function linesOfHead(chart: Chart, { name, facts }: Head) {
  const roomPx = chart.width - HEAD_MARGIN;
  const widthPx = textWidth(chart.ctx, name, nameFont()) + textWidth(chart.ctx, facts, factsFont());
  if (widthPx + 4 * HEAD_AIR <= roomPx) return { names: [name], facts: [facts], together: true };
  return {
    names: textLines(chart.ctx, name, nameFont(), roomPx),
    facts: textLines(chart.ctx, facts, factsFont(), roomPx),
    together: false,
  };
}

/** The sum of the margins left and right of a panel. */
const HEAD_MARGIN = 44;

/** The number of lines of the highest head; all heads have the same height, so that panels are comparable. */
export function headLines(chart: Chart, panels: readonly CutPanel[], shown: TimeWindow): number {
  return panels.reduce((most, panel) => {
    const { names, facts, together } = linesOfHead(chart, headOf(chart, panel, shown));
    return Math.max(most, together ? 1 : names.length + facts.length);
  }, 1);
}

/** The context that draws, and its colours. */
export interface Pen {
  readonly context: Chart['ctx'];
  readonly palette: Palette;
}

/** Writes a head at the top of its panel, in pixels. */
export function writeHead(
  chart: Chart,
  { context, palette }: Pen,
  head: Head,
  { left, right, top }: { left: number; right: number; top: number },
): void {
  const { names, facts, together } = linesOfHead(chart, head);
  const yOf = (line: number) => top + HEAD_AIR + (line + 0.5) * HEAD_LINE_HEIGHT;
  context.textBaseline = 'middle';
  context.fillStyle = palette.ink;
  context.textAlign = 'left';
  context.font = fontOf(nameFont());
  for (const [line, text] of names.entries()) context.fillText(text, left + HEAD_AIR, yOf(line));
  context.font = fontOf(factsFont());
  context.textAlign = together ? 'right' : 'left';
  const first = together ? 0 : names.length;
  for (const [line, text] of facts.entries())
    context.fillText(text, together ? right - HEAD_AIR : left + HEAD_AIR, yOf(first + line));
}
