import type { ChartDataset } from 'chart.js';
import type { Chart, Row } from '../../model.ts';
import { fitScalability } from '../../statistics/scalability.ts';
import { rowsOf } from './figures.ts';
import type { Picture } from './picture.ts';
import { axisOf, colourOf, legend, palette, titles } from './style.ts';

/** Points on a fitted curve: enough to look smooth. */
const CURVE_POINTS = 60;

/**
 * Throughput of each group against the mean number in flight that its limit allows, with the fitted Universal
 * Scalability Law as a line and the closed-system bound, in flight / hold, in grey.
 */
export function scalabilityPicture(
  chart: Extract<Chart, { kind: 'scalability' }>,
  allRows: readonly Row[],
  finding: string,
): Picture {
  const groups = [
    ...Map.groupBy(
      rowsOf(allRows, chart.groups).filter(({ peer }) => !peer),
      (row) => row.group,
    ),
  ];
  const datasets = groups.flatMap(([group, rows], index) =>
    groupDatasets(
      group,
      rows.map((row) => loadOf(row, chart.parameter)),
      colourOf(index),
    ),
  );
  return {
    width: 800,
    height: 520,
    configuration: {
      type: 'line',
      data: { datasets },
      options: {
        layout: { padding: 14 },
        plugins: {
          ...legend((label) => label !== ''),
          ...titles(
            finding,
            'Points: measured. Lines: the Universal Scalability Law fitted to them. Grey: the closed-system bound, ' +
              'as many requests in flight as the limit allows, each for as long as it is held.',
          ),
        },
        scales: {
          x: axisOf({ title: chart.title, scale: 'log' }),
          left: axisOf({ title: 'requests a second', scale: 'log' }),
        },
      },
    },
  };
}

interface GroupLoad {
  readonly inFlight: number;
  readonly perSecond: number;
  readonly boundPerSecond: number;
}

/** The last wave of a batch is not full: N requests in ceil(N / limit) waves keep fewer than the limit in flight. */
function loadOf(row: Row, parameter: string): GroupLoad {
  const { requests } = row.target;
  const waves = Math.ceil(requests / Number(row.parameters[parameter]));
  return {
    inFlight: requests / waves,
    perSecond: (requests / row.medianMs) * 1000,
    boundPerSecond: (requests / row.boundMs) * 1000,
  };
}

function groupDatasets(group: string, loads: readonly GroupLoad[], colour: string): ChartDataset[] {
  const fit = fitScalability(loads);
  const ordered = loads.toSorted((one, other) => one.inFlight - other.inFlight);
  const most = ordered.at(-1)!.inFlight;
  const curve = Array.from({ length: CURVE_POINTS + 1 }, (_, index) => most ** (index / CURVE_POINTS));
  return [
    {
      label: `${group}: contention ${(fit.sigma * 100).toFixed(2)} %, crosstalk ${fit.kappa.toExponential(1)}`,
      data: ordered.map(({ inFlight, perSecond }) => ({ x: inFlight, y: perSecond })),
      yAxisID: 'left',
      showLine: false,
      borderColor: colour,
      backgroundColor: colour,
      pointRadius: 4,
    },
    {
      label: '',
      data: curve.map((inFlight) => ({ x: inFlight, y: fit.at(inFlight) })),
      yAxisID: 'left',
      borderColor: colour,
      borderWidth: 1.5,
      pointRadius: 0,
    },
    {
      label: '',
      data: ordered.map(({ inFlight, boundPerSecond }) => ({ x: inFlight, y: boundPerSecond })),
      yAxisID: 'left',
      borderColor: palette.faint,
      borderWidth: 1.5,
      pointRadius: 0,
    },
  ];
}
