import type { ChartDataset } from 'chart.js';
import type { Row } from '../../model/row.ts';
import { fitScalability } from '../../statistics/scalability.ts';
import { axisOf, heightOfLines } from '../axes.ts';
import { rowsOf } from '../figure-of.ts';
import { legend } from '../legend.ts';
import { gutterFor, isInLegend, namesAtEnds } from '../line-names.ts';
import { colourOf, type Palette } from '../palette.ts';
import type { ChartDrawer, Picture, Scene } from '../picture.ts';
import { BOUND_NAME, boundLook, errorBars, points, shapeOf } from '../style.ts';
import type { ScalabilityChart } from './kind.ts';
import { isShown } from './shown.ts';

export default { draw, scaleOf: () => 'log' } satisfies ChartDrawer<ScalabilityChart>;

/** Points on a fitted curve: enough to look smooth. */
const CURVE_POINTS = 60;

/**
 * Draws the throughput of each group against the mean number in flight that its limit allows, with the fitted Universal
 * Scalability Law as a line and the closed-system bound, in flight / hold, in grey.
 */
function draw(chart: ScalabilityChart, { rows: all, palette, view }: Scene): Picture {
  const scale = view.otherScale === true ? 'linear' : 'log';
  const rows = rowsOf(all, chart.groups).filter(isShown);
  const groups = [...Map.groupBy(rows, (row) => row.group)];
  const datasets = groups.flatMap(([group, members], index) =>
    groupDatasets(
      group,
      members.map((row) => loadOf(row, chart.parameter)),
      index,
      palette,
    ),
  );
  const names = datasets.flatMap(({ label = '', ...dataset }) => ('namedAtEnd' in dataset ? [label] : []));
  return {
    width: 800,
    height: heightOfLines(names.length),
    caption:
      'Points: measured, with 95 % intervals. Lines: the Universal Scalability Law (σ: contention, κ: crosstalk). ' +
      `Grey: ${BOUND_NAME}.`,
    reading:
      'The bound is that of a closed system: as many requests in flight as the limit allows, each for as long as it is held. ' +
      'Points that follow it lose nothing by having more in flight. Contention is the share of the work that cannot run in ' +
      'parallel, and bends the line; crosstalk is the cost of each pair in flight, and turns it down.',
    configuration: {
      type: 'lineWithErrorBars' as 'line',
      data: { datasets },
      options: {
        layout: { padding: 14 },
        plugins: {
          ...legend(palette, isInLegend),
          tooltip: {
            // The fitted curve and the bound are not measurements.
            filter: ({ dataset }) => 'namedAtEnd' in dataset,
            callbacks: {
              label: ({ dataset, parsed }) =>
                `${dataset.label}: ${(parsed.y ?? 0).toFixed(1)} requests a second`,
            },
          },
        },
        scales: {
          x: axisOf({ title: chart.title, scale }, palette),
          left: axisOf({ title: 'requests a second', scale }, palette),
          names: gutterFor(names, 'right'),
        },
      },
      plugins: [namesAtEnds('right', palette)],
    },
  };
}

interface GroupLoad {
  readonly inFlight: number;
  readonly perSecond: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly boundPerSecond: number;
}

/** The last wave of a batch is not full: N requests in ceil(N / limit) waves keep fewer than the limit in flight. */
function loadOf(row: Row, parameter: string): GroupLoad {
  const { requests } = row.target;
  const waves = Math.ceil(requests / Number(row.parameters[parameter]));
  const perSecond = (timeMs: number) => (requests / timeMs) * 1000;
  return {
    inFlight: requests / waves,
    perSecond: perSecond(row.medianMs),
    interval:
      row.time.low === null ? null : { low: perSecond(row.time.high!), high: perSecond(row.time.low) },
    boundPerSecond: perSecond(row.boundMs),
  };
}

function groupDatasets(
  group: string,
  loads: readonly GroupLoad[],
  place: number,
  palette: Palette,
): ChartDataset[] {
  const colour = colourOf(place, palette);
  const fit = fitScalability(loads);
  const ordered = loads.toSorted((one, other) => one.inFlight - other.inFlight);
  const most = ordered.at(-1)!.inFlight;
  const curve = Array.from({ length: CURVE_POINTS + 1 }, (_, index) => most ** (index / CURVE_POINTS));
  return [
    {
      label: `${group}: σ ${(fit.sigma * 100).toFixed(2)} %, κ ${fit.kappa === 0 ? '0' : fit.kappa.toExponential(1)}`,
      data: ordered.map(({ inFlight, perSecond, interval }) => ({
        x: inFlight,
        y: perSecond,
        yMin: interval?.low ?? null,
        yMax: interval?.high ?? null,
      })),
      yAxisID: 'left',
      namedAtEnd: true,
      showLine: false,
      borderColor: colour,
      backgroundColor: colour,
      ...points(4, shapeOf(place)),
      ...errorBars(6, palette),
    } as ChartDataset,
    {
      label: '',
      data: curve.map((inFlight) => ({ x: inFlight, y: fit.at(inFlight) })),
      yAxisID: 'left',
      borderColor: colour,
      borderWidth: 1.5,
      ...points(0),
    },
    {
      label: BOUND_NAME,
      data: ordered.map(({ inFlight, boundPerSecond }) => ({ x: inFlight, y: boundPerSecond })),
      yAxisID: 'left',
      ...boundLook(palette),
    },
  ];
}
