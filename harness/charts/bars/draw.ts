import type { Chart as ChartJs } from 'chart.js';
import type { Row } from '../../model/row.ts';
import { formatMetric, joinNames } from '../../report/text.ts';
import type { Series } from '../fields.ts';
import { rowsOf } from '../figure-of.ts';
import { boundValue, groupSentence, labelsOf, seriesInterval, seriesValue } from '../figures.ts';
import { besideBar, markOf, valueLabel } from '../marks.ts';
import { colourOf, inkOn, type Palette } from '../palette.ts';
import type { ChartDrawer, Picture, Scene } from '../picture.ts';
import { axisOf, categoryAxis, errorBars, heightOfBars, legend } from '../style.ts';
import type { BarsChart } from './kind.ts';

export default { draw } satisfies ChartDrawer<BarsChart>;

const LEGEND_HEIGHT = 34;
/** A segment that is narrower, in pixels, has no room for its number. */
const LEAST_SEGMENT = 34;

/** Figures stacked to one bar for each variant, each with its number. */
function draw(chart: BarsChart, { rows: all, palette }: Scene): Picture {
  const rows = rowsOf(all, chart.groups);
  const { series } = chart;
  const stacked = series.length > 1;
  const bounds = stacked ? [] : rows.map((row) => boundValue(rows, row, series[0]!));
  const bounded = bounds.some((bound) => bound !== null);
  const longest = Math.max(
    ...rows.map((row, index) => Math.max(endOf(rows, row, series[0]!), bounds[index] ?? 0)),
  );
  const intervals = !stacked && rows.some((row) => seriesInterval(rows, row, series[0]!) !== null);
  return {
    width: 800,
    height: heightOfBars(rows.length) + (stacked ? LEGEND_HEIGHT : 0),
    caption: joinNames(
      [
        groupSentence(rows),
        intervals ? 'Whiskers: 95 % interval.' : '',
        bounded ? 'Tick: what is physically possible (the bound).' : '',
      ],
      ' ',
    ),
    reading: stacked
      ? 'The whole bar is all there was; its parts say what became of it.'
      : 'Each bar is the median of all rounds.',
    configuration: {
      // Bars with intervals cannot be stacked.
      type: stacked ? 'bar' : ('barWithErrorBars' as 'bar'),
      data: {
        labels: labelsOf(rows),
        datasets: series.map((one, index) => ({
          label: one.title,
          data: rows.map((row) => (stacked ? lengthOf(rows, row, one) : withInterval(rows, row, one))),
          backgroundColor: colourOf(index, palette),
          // Parts stay apart in grey, too.
          borderColor: palette.paper,
          borderWidth: { right: stacked ? 2 : 0 },
          barPercentage: 0.7,
          pointStyle: 'rect',
          ...errorBars(10, palette),
        })),
      },
      options: {
        indexAxis: 'y',
        layout: { padding: 14 },
        plugins: {
          ...legend(stacked, palette),
          tooltip: {
            callbacks: {
              label: ({ dataIndex, datasetIndex }) =>
                tooltipOf(rows, rows[dataIndex]!, series[datasetIndex]!),
            },
          },
          annotation: {
            annotations: [
              ...bounds.flatMap((bound, index) => (bound === null ? [] : [markOf(bound, index, palette)])),
              ...rows.flatMap((row, index) =>
                stacked
                  ? segmentLabels(rows, row, index, { series, palette })
                  : [endLabel(rows, row, index, { one: series[0]!, bound: bounds[index] ?? null, palette })],
              ),
            ],
          },
        },
        scales: {
          // Room for the number at the end of the longest bar.
          x: {
            ...axisOf(chart.x, palette),
            stacked: true,
            ...(stacked ? {} : { suggestedMax: longest * 1.14 }),
          },
          y: { ...categoryAxis(palette), stacked: true },
        },
      },
    },
  };
}

function tooltipOf(rows: readonly Row[], row: Row, one: Series): string[] {
  const interval = seriesInterval(rows, row, one);
  const read = (value: number) => formatMetric(one.figure, value);
  return [
    `${one.title}: ${read(lengthOf(rows, row, one))}`,
    ...(interval === null ? [] : [`95 % interval ${read(interval.low)} to ${read(interval.high)}`]),
  ];
}

function lengthOf(rows: readonly Row[], row: Row, one: Series): number {
  return seriesValue(rows, row, one) ?? 0;
}

/** A value as chartjs-chart-error-bars takes it, which Chart.js's types do not know. */
function withInterval(rows: readonly Row[], row: Row, one: Series): number {
  const interval = seriesInterval(rows, row, one);
  const value = { x: lengthOf(rows, row, one), xMin: interval?.low ?? null, xMax: interval?.high ?? null };
  return value as unknown as number;
}

function endLabel(
  rows: readonly Row[],
  row: Row,
  index: number,
  { one, bound, palette }: { one: Series; bound: number | null; palette: Palette },
) {
  const number = formatMetric(one.figure, lengthOf(rows, row, one));
  return valueLabel(number, index, besideBar(endOf(rows, row, one), bound), { colour: palette.ink });
}

/** Where a bar with its whisker ends. */
function endOf(rows: readonly Row[], row: Row, one: Series): number {
  return Math.max(lengthOf(rows, row, one), seriesInterval(rows, row, one)?.high ?? 0);
}

function segmentLabels(
  rows: readonly Row[],
  row: Row,
  index: number,
  { series, palette }: { series: readonly Series[]; palette: Palette },
) {
  let from = 0;
  return series.flatMap((one, place) => {
    const value = lengthOf(rows, row, one);
    const middle = from + value / 2;
    from += value;
    if (value === 0) return [];
    const label = valueLabel(formatMetric(one.figure, value), index, middle, {
      colour: inkOn(colourOf(place, palette)),
      centred: true,
    });
    const hasRoom = ({ chart }: { chart: ChartJs }) => {
      const { x: scale } = chart.scales;
      return (
        scale !== undefined && scale.getPixelForValue(value) - scale.getPixelForValue(0) >= LEAST_SEGMENT
      );
    };
    // The plugin's own types know its context by less than it is.
    return [{ ...label, display: hasRoom as unknown as boolean }];
  });
}
