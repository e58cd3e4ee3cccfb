import { axisOf } from '../../charts/axes.ts';
import { legend } from '../../charts/legend.ts';
import { colourOf, type Palette } from '../../charts/palette.ts';
import type { Picture } from '../../charts/picture.ts';
import { points } from '../../charts/style.ts';
import type { LimitRow } from '../../tune/limit-rows.ts';

/** What the picture of a search shows, as plain data. */
export interface ShownTune {
  readonly rows: readonly LimitRow[];
  /** The answer as a band; null without one. */
  readonly answer: { readonly limit: number; readonly low: number; readonly high: number } | null;
}

const SIZE = { width: 800, height: 430 };

/** Throughput and latency against the limit, with the answer as a band, and refused limits as crosses. */
export function tunePicture({ rows, answer }: ShownTune, palette: Palette): Picture {
  const line = (
    label: string,
    axis: 'left' | 'right',
    place: number,
    of: (row: LimitRow) => number | null,
  ) => ({
    label,
    data: rows.flatMap((row) => {
      const y = of(row);
      return y === null ? [] : [{ x: row.limit, y }];
    }),
    yAxisID: axis,
    borderColor: colourOf(place, palette),
    backgroundColor: colourOf(place, palette),
    borderWidth: 2,
    borderDash: axis === 'right' ? [6, 4] : [],
    ...points(4, axis === 'right' ? 'rect' : 'circle'),
  });
  const refused = rows.filter((row) => row.refused);
  const crosses = {
    label: 'refused',
    data: refused.map(({ limit, perSecond }) => ({ x: limit, y: perSecond ?? 0 })),
    yAxisID: 'left',
    showLine: false,
    borderColor: palette.verdicts.regressed,
    borderWidth: 3,
    ...points(8, 'crossRot'),
  };
  return {
    ...SIZE,
    caption: [
      answer === null
        ? ''
        : answer.low === answer.high
          ? `Grey line: the answer, ${answer.limit}.`
          : `Grey band: the answer, ${answer.low} to ${answer.high}; the line in it is ${answer.limit}.`,
      'Dashed: the latency of a closed loop, by the axis on the right.',
      refused.length === 0 ? '' : 'Crosses: limits that the target refused.',
    ]
      .filter((text) => text !== '')
      .join(' '),
    reading:
      'From left to right: jobs in flight at once. The solid line is throughput. Where it no longer rises and the dashed line does, ' +
      'more jobs only wait.',
    configuration: {
      type: 'line',
      data: {
        datasets: [
          line('throughput', 'left', 0, ({ perSecond }) => perSecond),
          line('closed-loop latency', 'right', 5, ({ latencyMs }) => latencyMs),
          ...(refused.length === 0 ? [] : [crosses]),
        ],
      },
      options: {
        layout: { padding: 14 },
        plugins: {
          ...legend(palette),
          ...(answer === null ? {} : { annotation: { annotations: bandOf(answer, palette) } }),
        },
        scales: {
          x: axisOf({ title: 'jobs in flight at once', scale: 'log' }, palette),
          left: axisOf({ title: 'successful jobs a second', scale: 'linear' }, palette),
          right: {
            ...axisOf({ title: 'latency (ms)', scale: 'linear' }, palette),
            position: 'right',
            grid: { display: false },
          },
        },
      },
    },
  };
}

function bandOf({ limit, low, high }: NonNullable<ShownTune['answer']>, palette: Palette) {
  const behind = { drawTime: 'beforeDatasetsDraw' as const };
  const band = {
    type: 'box' as const,
    xMin: low,
    xMax: high,
    backgroundColor: palette.grid,
    borderWidth: 0,
    ...behind,
  };
  const middle = {
    type: 'line' as const,
    xMin: limit,
    xMax: limit,
    borderColor: palette.muted,
    borderWidth: 2,
    ...behind,
  };
  return [band, middle];
}
