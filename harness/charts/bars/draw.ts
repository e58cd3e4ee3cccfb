import { unitOf } from '../../findings/metrics.ts';
import { formatFigure } from '../../findings/numbers.ts';
import type { Row } from '../../model/row.ts';
import { joinNames } from '../../report/text.ts';
import { axisOf, categoryAxis, heightOfBars } from '../axes.ts';
import type { Series } from '../fields.ts';
import { rowsOf } from '../figure-of.ts';
import { boundValue, groupSentence, labelsOf, seriesInterval, seriesValue } from '../figures.ts';
import { LEGEND_HEIGHT, legend } from '../legend.ts';
import { endLabel, markOf, paddingBeside, partLabel } from '../marks.ts';
import { colourOf, inkOn, type Palette } from '../palette.ts';
import type { ChartDrawer, Picture, Scene } from '../picture.ts';
import { errorBars, floorBar, NO_BAR } from '../style.ts';
import type { BarsChart } from './kind.ts';

export default { draw } satisfies ChartDrawer<BarsChart>;

/** Draws one bar per variant, stacked from figures, each with its number; a floor's bar is an outline. */
function draw(chart: BarsChart, { record, rows: all, palette }: Scene): Picture {
  const rows = rowsOf(all, chart.groups);
  const { series } = chart;
  const stacked = series.length > 1;
  const bounds = stacked ? [] : rows.map((row) => boundValue(rows, row, series[0]!));
  const bounded = bounds.some((bound) => bound !== null);
  const longest = Math.max(
    ...rows.map((row, index) => Math.max(endOf(rows, row, series[0]!), bounds[index] ?? 0)),
  );
  const labels = labelsOf(rows);
  const textOf: TextOf = ({ figure }, value) => formatFigure(unitOf(figure, record.metrics), value);
  const numbers = rows.map((row) => textOf(series[0]!, lengthOf(rows, row, series[0]!)));
  const floors = rows.some(({ floor }) => floor);
  const intervals = !stacked && rows.some((row) => seriesInterval(rows, row, series[0]!) !== null);
  const parts: Part[] = [
    ...series.map((one) => ({ one, floor: false })),
    ...(floors ? series.map((one) => ({ one, floor: true })) : []),
  ];
  return {
    width: 800,
    height: heightOfBars(labels) + (stacked || floors ? LEGEND_HEIGHT : 0),
    caption: joinNames(
      [
        groupSentence(rows),
        intervals ? 'Whiskers: 95 % interval.' : '',
        bounded ? 'Tick: what is physically possible (the bound).' : '',
      ],
      ' ',
    ),
    reading: stacked
      ? 'The whole bar is the total; its parts show how it splits.'
      : 'Each bar is the median of all rounds.',
    configuration: {
      // Bars with intervals cannot be stacked.
      type: stacked ? 'bar' : ('barWithErrorBars' as 'bar'),
      data: {
        labels,
        datasets: parts.map(({ one, floor }) => ({
          ...(floor
            ? floorBar(palette)
            : barLook(one, stacked, colourOf(series.indexOf(one), palette), palette)),
          data: rows.map((row) => {
            if (row.floor !== floor) return stacked ? null : NO_BAR;
            return stacked ? lengthOf(rows, row, one) : withInterval(rows, row, one);
          }),
          barPercentage: 0.7,
          ...errorBars(10, palette),
        })),
      },
      options: {
        indexAxis: 'y',
        layout: { padding: paddingBeside(stacked ? [] : numbers) },
        plugins: {
          ...legend(palette, (_, dataset) => stacked || parts[dataset]!.floor),
          tooltip: {
            callbacks: {
              label: ({ dataIndex, datasetIndex }) =>
                tooltipOf(rows, rows[dataIndex]!, parts[datasetIndex]!.one, textOf),
            },
          },
          annotation: {
            clip: false,
            annotations: [
              ...bounds.flatMap((bound, index) => (bound === null ? [] : [markOf(bound, index, palette)])),
              ...rows.flatMap((row, index) =>
                stacked
                  ? segmentLabels(rows, row, index, { series, palette, textOf })
                  : [
                      endLabel(numbers[index]!, index, {
                        end: endOf(rows, row, series[0]!),
                        marks: [bounds[index] ?? []].flat(),
                        palette,
                      }),
                    ],
              ),
            ],
          },
        },
        scales: {
          // Room for the end of the longest whisker.
          x: {
            ...axisOf(chart.x, palette),
            stacked: true,
            ...(stacked ? {} : { suggestedMax: longest * 1.02 }),
          },
          y: { ...categoryAxis(palette), stacked: true },
        },
      },
    },
  };
}

/** A series in the bars of floors, or in those of all other rows. */
interface Part {
  readonly one: Series;
  readonly floor: boolean;
}

/** Borders separate the parts in greyscale, too. */
function barLook({ title }: Series, stacked: boolean, colour: string, { paper }: Palette) {
  return {
    label: title,
    backgroundColor: colour,
    borderColor: paper,
    borderWidth: { right: stacked ? 2 : 0 },
    pointStyle: 'rect' as const,
  };
}

/** Formats a value of a series. */
type TextOf = (series: Series, value: number) => string;

function tooltipOf(rows: readonly Row[], row: Row, one: Series, textOf: TextOf): string[] {
  const interval = seriesInterval(rows, row, one);
  const read = (value: number) => textOf(one, value);
  return [
    `${one.title}: ${read(lengthOf(rows, row, one))}`,
    ...(interval === null ? [] : [`95 % interval ${read(interval.low)} to ${read(interval.high)}`]),
  ];
}

function lengthOf(rows: readonly Row[], row: Row, one: Series): number {
  return seriesValue(rows, row, one) ?? 0;
}

/** A value in the format of chartjs-chart-error-bars, which Chart.js's types do not include. */
function withInterval(rows: readonly Row[], row: Row, one: Series): number {
  const interval = seriesInterval(rows, row, one);
  const value = { x: lengthOf(rows, row, one), xMin: interval?.low ?? null, xMax: interval?.high ?? null };
  return value as unknown as number;
}

/** The end of a bar with its whisker. */
function endOf(rows: readonly Row[], row: Row, one: Series): number {
  return Math.max(lengthOf(rows, row, one), seriesInterval(rows, row, one)?.high ?? 0);
}

function segmentLabels(
  rows: readonly Row[],
  row: Row,
  index: number,
  { series, palette, textOf }: { series: readonly Series[]; palette: Palette; textOf: TextOf },
) {
  let fromValue = 0;
  return series.flatMap((one, place) => {
    const value = lengthOf(rows, row, one);
    const colour = row.floor ? palette.ink : inkOn(colourOf(place, palette));
    const part = { fromValue, toValue: fromValue + value, colour };
    fromValue += value;
    return value === 0 ? [] : [partLabel(textOf(one, value), index, part)];
  });
}
