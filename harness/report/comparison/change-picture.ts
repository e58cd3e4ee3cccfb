import type { Scale } from 'chart.js';
import { axisOf, namesFor } from '../../charts/axes.ts';
import { legend } from '../../charts/legend.ts';
import { PALETTES } from '../../charts/palette.ts';
import type { TitledPicture } from '../../charts/picture.ts';
import { axisText, errorBars, points } from '../../charts/style.ts';
import { formatRatio, formatTime } from '../../findings/numbers.ts';
import type { Estimate } from '../../model/row.ts';
import { joinNames } from '../text.ts';
import type { ComparedRow } from './comparison.ts';
import { verdictCounts } from './verdicts.ts';

/** These pictures are made for paper only. */
const palette = PALETTES.light;
const ROW_HEIGHT = 30;
const FRAME_HEIGHT = 130;
type Sides = readonly [before: Estimate, after: Estimate];
/** The distance between before and after within a row. */
const OFFSET = 0.16;

/**
 * One experiment of two runs: the deciding figure of each row, its time or its speedup, before and after. Both are
 * relative to the value before, so that changes of large and small figures are equally visible.
 *
 * @param rows those of one experiment
 * @param margin as a share; smaller changes do not count
 */
export function changePicture(
  experiment: string,
  rows: readonly ComparedRow[],
  margin: number,
): TitledPicture {
  const verdicts = verdictCounts(rows).filter(({ count }) => count > 0);
  const timed = rows.every(({ timeRatio }) => timeRatio !== null);
  const sides = rows.map((row) => (timed ? [row.beforeMs, row.afterMs] : [row.before, row.after]) as Sides);
  const before = sides.map(([was], index) => pointOf(was, was.value, index - OFFSET));
  const after = sides.map(([was, is], index) => pointOf(is, was.value, index + OFFSET));
  const names = rows.map(({ group, variant }) => joinNames([group, variant], ' '));
  return {
    title: `${experiment}, before and after: of ${rows.length} rows, ${verdicts.map(({ verdict, count }) => `${count} ${verdict}`).join(', ')}.`,
    picture: {
      width: 800,
      height: FRAME_HEIGHT + ROW_HEIGHT * rows.length,
      caption: `Whiskers: 95 % intervals. Grey band: the margin of ${(margin * 100).toFixed(0)} %, smaller changes do not count.`,
      reading: timed
        ? 'A filled point to the right of the band took longer than before, one to the left less, where its whiskers leave the ' +
          'band, too.'
        : 'A filled point to the left of the band is slower than before, one to the right is faster, where its whiskers leave ' +
          'the band, too.',
      configuration: {
        type: 'scatterWithErrorBars' as 'scatter',
        data: {
          datasets: [
            {
              label: 'before',
              data: before,
              borderColor: palette.muted,
              backgroundColor: palette.paper,
              borderWidth: 2,
              ...points(5),
              ...errorBars(7, palette),
            },
            {
              label: 'after',
              data: after,
              borderColor: palette.ink,
              backgroundColor: rows.map(({ verdict }) => palette.verdicts[verdict]),
              borderWidth: 1,
              ...points(5, 'rectRot'),
              ...errorBars(7, palette),
            },
          ],
        },
        options: {
          layout: { padding: 14 },
          plugins: {
            ...legend(palette),
            annotation: {
              annotations: [
                {
                  type: 'box' as const,
                  xMin: -margin * 100,
                  xMax: margin * 100,
                  backgroundColor: palette.grid,
                  borderWidth: 0,
                  drawTime: 'beforeDatasetsDraw' as const,
                },
              ],
            },
          },
          scales: {
            x: {
              ...axisOf(
                { title: `${timed ? 'time' : 'speedup'}, relative to before (%)`, scale: 'linear' },
                palette,
              ),
              ...extentOf([...before, ...after]),
            },
            y: rowAxis(names, 'left'),
            verdict: rowAxis(rows.map(outcomeOf), 'right'),
          },
        },
      },
    },
  };
}

function pointOf({ value, low, high }: Estimate, unit: number, y: number) {
  const percent = (speedup: number | null) => (speedup === null ? null : (speedup / unit - 1) * 100);
  return { x: percent(value)!, y, xMin: percent(low), xMax: percent(high) };
}

/** The range of an axis that includes all whiskers, which the scatter chart ignores. */
function extentOf(all: readonly ReturnType<typeof pointOf>[]) {
  const ends = all.flatMap(({ x, xMin, xMax }) => [x, xMin ?? x, xMax ?? x]);
  return { suggestedMin: Math.min(...ends), suggestedMax: Math.max(...ends) };
}

/** As in `95.4x to 90.1x, regressed`, or with times. */
function outcomeOf({ before, after, beforeMs, afterMs, timeRatio, verdict }: ComparedRow): string {
  const [was, is] =
    timeRatio === null
      ? [formatRatio(before.value), formatRatio(after.value)]
      : [formatTime(beforeMs.value), formatTime(afterMs.value)];
  return `${was} to ${is}, ${verdict}`;
}

/** An axis that names rows from the top down. */
function rowAxis(names: readonly string[], position: 'left' | 'right') {
  return {
    type: 'linear' as const,
    position,
    reverse: true,
    min: -0.6,
    max: names.length - 0.4,
    grid: { display: false },
    afterBuildTicks(scale: { ticks: { value: number }[] }) {
      scale.ticks = names.map((_, value) => ({ value }));
    },
    ticks: {
      autoSkip: false,
      ...axisText(palette),
      callback(this: Scale, value: number | string) {
        return namesFor(this, names[Number(value)] ?? '');
      },
    },
  };
}
