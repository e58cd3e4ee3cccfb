import type { Row } from '../../model/row.ts';
import { formatRatio, joinNames } from '../../report/text.ts';
import { rowsOf } from '../figure-of.ts';
import { groupSentence, labelsOf } from '../figures.ts';
import { besideBar, diamondOf, markOf, valueLabel } from '../marks.ts';
import { colourOf } from '../palette.ts';
import type { ChartDrawer, Picture, Scene } from '../picture.ts';
import { axisOf, categoryAxis, errorBars, heightOfBars, PEER_CAPTION } from '../style.ts';
import type { SpeedupChart } from './kind.ts';
import { isShown } from './shown.ts';

export default { draw, scaleOf: () => 'linear' } satisfies ChartDrawer<SpeedupChart>;

/**
 * A bar for each variant's speedup, whiskers for its interval, a tick where the bound would put it, and a diamond for its
 * speedup in the single round that is looked at.
 */
function draw({ groups }: SpeedupChart, { rows: all, palette, view }: Scene): Picture {
  const rows = rowsOf(all, groups).filter(isShown);
  const scale = view.otherScale === true ? 'log' : 'linear';
  const inRound = view.round?.speedup ?? (() => null);
  const compared = rows.map((row, place) => ({ row, place })).filter(({ row }) => !row.baseline);
  const marks = compared.map(({ row }) => ({ row, bound: speedupAtBound(rows, row), single: inRound(row) }));
  const highest = Math.max(
    1,
    ...marks.map(({ row, bound, single }) =>
      Math.max(bound, row.speedup.high ?? row.speedup.value, single ?? 0),
    ),
  );
  return {
    width: 800,
    height: heightOfBars(compared.length),
    caption: captionOf(rows),
    reading:
      'A bar twice as long is twice as fast. Where the whiskers of two bars do not overlap, the two really differ. The ' +
      'distance from the end of a bar to its tick is waiting, or work around it, that could still be saved.',
    configuration: {
      type: 'barWithErrorBars' as 'bar',
      data: {
        labels: labelsOf(compared.map(({ row }) => row)),
        datasets: [
          {
            label: 'speedup',
            data: compared.map(({ row: { speedup } }) => ({
              x: speedup.value,
              xMin: speedup.low,
              xMax: speedup.high,
            })) as unknown as number[],
            backgroundColor: compared.map(({ row, place }) =>
              row.peer ? palette.peer : colourOf(place, palette),
            ),
            barPercentage: 0.7,
            ...errorBars(10, palette),
          },
        ],
      },
      options: {
        indexAxis: 'y',
        layout: { padding: 14 },
        plugins: {
          legend: { display: false },
          tooltip: { callbacks: { label: ({ dataIndex }) => tooltipOf(marks[dataIndex]!) } },
          annotation: {
            annotations: marks.flatMap(({ row, bound, single }, index) => [
              ...(bound === 0 ? [] : [markOf(bound, index, palette)]),
              ...(single === null ? [] : [diamondOf(single, index, palette)]),
              valueLabel(
                formatRatio(row.speedup.value),
                index,
                besideBar(row.speedup.high ?? row.speedup.value, bound),
                { colour: palette.ink },
              ),
            ]),
          },
        },
        scales: {
          // Room for the label at the end of the longest bar.
          x: {
            ...axisOf({ title: 'speedup (times as fast)', scale }, palette),
            suggestedMax: highest * (scale === 'log' ? 3 : 1.12),
          },
          y: categoryAxis(palette),
        },
      },
    },
  };
}

function captionOf(rows: readonly Row[]): string {
  if (rows.every(({ baseline }) => baseline))
    return 'No row does the same work as its baseline, so that there is no speedup to show.';
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

function tooltipOf({ row, bound, single }: { row: Row; bound: number; single: number | null }): string[] {
  const { value, low, high } = row.speedup;
  return [
    `${formatRatio(value)} as fast as the baseline`,
    low === null ? 'no interval' : `95 % interval ${formatRatio(low)} to ${formatRatio(high!)}`,
    ...(bound === 0 ? [] : [`the bound allows ${formatRatio(bound)}`]),
    ...(single === null ? [] : [`in this round ${formatRatio(single)}`]),
  ];
}
