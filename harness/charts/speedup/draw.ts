import { formatRatio } from '../../findings/numbers.ts';
import type { Row } from '../../model/row.ts';
import { joinNames } from '../../report/text.ts';
import { axisOf, categoryAxis, heightOfBars } from '../axes.ts';
import { rowsOf } from '../figure-of.ts';
import { groupSentence, labelsOf } from '../figures.ts';
import { LEGEND_HEIGHT, legend } from '../legend.ts';
import { diamondOf, endLabel, markOf, paddingBeside } from '../marks.ts';
import { colourOf, type Palette } from '../palette.ts';
import type { ChartDrawer, Picture, Scene } from '../picture.ts';
import { errorBars, floorBar, NO_BAR, PEER_CAPTION } from '../style.ts';
import type { SpeedupChart } from './kind.ts';
import { isShown } from './shown.ts';

export default { draw, scaleOf: () => 'linear' } satisfies ChartDrawer<SpeedupChart>;

/** The values that are drawn for a row. */
interface SpeedupBar {
  readonly row: Row;
  readonly label: string;
  /** The speedup at the bound; 0 without a bound. */
  readonly bound: number;
  /** Its speedup in the selected round, if there is one. */
  readonly single: number | null;
}

/**
 * Draws a bar per variant's speedup, with whiskers for its interval and a tick at the bound. The baseline has a bar of
 * length 1, and a floor's bar is an outline. A selected round adds a diamond for its speedup.
 */
function draw({ groups }: SpeedupChart, { rows: all, palette, view }: Scene): Picture {
  const rows = rowsOf(all, groups).filter(isShown);
  const scale = view.otherScale === true ? 'log' : 'linear';
  const inRound = view.round?.speedup ?? (() => null);
  const bars = rows.map(
    (row): SpeedupBar => ({
      row,
      label: row.baseline ? 'baseline' : formatRatio(row.speedup.value),
      bound: speedupAtBound(rows, row),
      single: row.baseline ? null : inRound(row),
    }),
  );
  const highest = Math.max(
    1,
    ...bars.map(({ row, bound, single }) => Math.max(endOf(row), bound, single ?? 0)),
  );
  const names = labelsOf(rows);
  const floors = rows.some(({ floor }) => floor);
  return {
    width: 800,
    height: heightOfBars(names) + (floors ? LEGEND_HEIGHT : 0),
    caption: captionOf(rows),
    reading:
      'A bar twice as long is twice as fast. Where the whiskers of two bars do not overlap, the two really differ. The ' +
      'distance from the end of a bar to its tick is waiting, or work around it, that could still be saved.',
    configuration: {
      type: 'barWithErrorBars' as 'bar',
      data: {
        labels: names,
        datasets: [
          {
            label: 'speedup',
            data: rows.map((row) => (row.floor ? NO_BAR : speedupBar(row))),
            backgroundColor: rows.map((row, place) =>
              row.peer === null ? colourOf(place, palette) : palette.peer,
            ),
            barPercentage: 0.7,
            ...errorBars(10, palette),
            // Bars of two datasets would share the height of a row.
            ...(floors ? { grouped: false } : {}),
          },
          ...(floors ? [floorDataset(rows, palette)] : []),
        ],
      },
      options: {
        indexAxis: 'y',
        layout: { padding: paddingBeside(bars.map(({ label }) => label)) },
        plugins: {
          ...legend(palette, (_, dataset) => dataset > 0),
          tooltip: { callbacks: { label: ({ dataIndex }) => tooltipOf(bars[dataIndex]!) } },
          annotation: {
            clip: false,
            annotations: bars.flatMap(({ row, label, bound, single }, index) => [
              ...(bound === 0 ? [] : [markOf(bound, index, palette)]),
              ...(single === null ? [] : [diamondOf(single, index, palette)]),
              endLabel(label, index, { end: endOf(row), marks: [bound, single ?? 0], palette }),
            ]),
          },
        },
        scales: {
          // Room for the end of the longest whisker.
          x: {
            ...axisOf({ title: 'speedup (times as fast)', scale }, palette),
            suggestedMax: highest * 1.02,
          },
          y: categoryAxis(palette),
        },
      },
    },
  };
}

/** A speedup with its interval, in the format of chartjs-chart-error-bars. */
function speedupBar({ speedup, baseline }: Row): number {
  // A baseline has no interval for its speedup over itself.
  const [xMin, xMax] = baseline ? [null, null] : [speedup.low, speedup.high];
  return { x: speedup.value, xMin, xMax } as unknown as number;
}

function floorDataset(rows: readonly Row[], palette: Palette) {
  return {
    ...floorBar(palette),
    data: rows.map((row) => (row.floor ? speedupBar(row) : NO_BAR)),
    barPercentage: 0.7,
    grouped: false,
    ...errorBars(10, palette),
  };
}

/** The end of a bar with its whisker. */
function endOf({ speedup: { value, high }, baseline }: Row): number {
  return baseline ? value : (high ?? value);
}

function captionOf(rows: readonly Row[]): string {
  if (rows.every(({ baseline }) => baseline))
    return 'No row does the same work as its baseline, so there is no speedup to show.';
  const baselines = new Set(rows.filter(({ baseline }) => baseline).map(({ variant }) => variant));
  const baseline = baselines.size === 1 ? [...baselines][0] : 'the baseline';
  return joinNames(
    [
      groupSentence(rows),
      `Times as fast as ${baseline}. Whiskers: 95 % interval. Tick: what is physically possible (the bound).`,
      rows.some(({ peer }) => peer) ? PEER_CAPTION : '',
    ],
    ' ',
  );
}

function speedupAtBound(rows: readonly Row[], row: Row): number {
  const baseline = rows.find((other) => other.baseline && other.group === row.group);
  return baseline === undefined || row.boundMs === 0 ? 0 : baseline.medianMs / row.boundMs;
}

function tooltipOf({ row, bound, single }: SpeedupBar): string[] {
  const { value, low, high } = row.speedup;
  const beside = [
    `${formatRatio(value)} as fast as the baseline`,
    low === null ? 'no interval' : `95 % interval ${formatRatio(low)} to ${formatRatio(high!)}`,
  ];
  return [
    ...(row.baseline ? ['the baseline'] : beside),
    ...(bound === 0 ? [] : [`the bound allows ${formatRatio(bound)}`]),
    ...(single === null ? [] : [`in this round ${formatRatio(single)}`]),
  ];
}
