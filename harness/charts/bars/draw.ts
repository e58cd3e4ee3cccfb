import { unitOf } from '../../findings/metrics.ts';
import { formatFigure } from '../../findings/numbers.ts';
import type { Row } from '../../model/row.ts';
import { joinNames } from '../../report/text.ts';
import { axisOf, categoryAxis, heightOfBars } from '../axes.ts';
import type { Series } from '../fields.ts';
import { rowsOf } from '../figure-of.ts';
import { boundValue, groupSentence, labelsOf, seriesInterval, seriesValue } from '../figures.ts';
import { legend } from '../legend.ts';
import { endLabel, markOf, paddingBeside, partLabel } from '../marks.ts';
import { colourOf, inkOn, type Palette } from '../palette.ts';
import type { ChartDrawer, Picture, Scene } from '../picture.ts';
import { errorBars } from '../style.ts';
import type { BarsChart } from './kind.ts';

export default { draw } satisfies ChartDrawer<BarsChart>;

const LEGEND_HEIGHT = 34;

/** Draws one bar per variant, stacked from figures, each with its number. */
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
  const intervals = !stacked && rows.some((row) => seriesInterval(rows, row, series[0]!) !== null);
  return {
    width: 800,
    height: heightOfBars(labels) + (stacked ? LEGEND_HEIGHT : 0),
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
        datasets: series.map((one, index) => ({
          label: one.title,
          data: rows.map((row) => (stacked ? lengthOf(rows, row, one) : withInterval(rows, row, one))),
          backgroundColor: colourOf(index, palette),
          // Borders separate the parts in greyscale, too.
          borderColor: palette.paper,
          borderWidth: { right: stacked ? 2 : 0 },
          barPercentage: 0.7,
          pointStyle: 'rect',
          ...errorBars(10, palette),
        })),
      },
      options: {
        indexAxis: 'y',
        layout: { padding: paddingBeside(stacked ? [] : numbers) },
        plugins: {
          ...legend(palette, () => stacked),
          tooltip: {
            callbacks: {
              label: ({ dataIndex, datasetIndex }) =>
                tooltipOf(rows, rows[dataIndex]!, series[datasetIndex]!, textOf),
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
    const part = { fromValue, toValue: fromValue + value, colour: inkOn(colourOf(place, palette)) };
    fromValue += value;
    return value === 0 ? [] : [partLabel(textOf(one, value), index, part)];
  });
}
