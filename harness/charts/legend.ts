import type { Chart, LegendItem, LegendOptions } from 'chart.js';
import { oneLine } from './labels.ts';
import type { Palette } from './palette.ts';
import { axisText } from './style.ts';

/** From the edge of a picture to what is in its legend, and the symbol there. */
const LEGEND_AIR = 60;

/**
 * Names below the picture, each once, of those datasets that have one. To press a name hides all that have it.
 *
 * @param isListed whether the legend names a dataset; all, where left out
 */
export function legend(palette: Palette, isListed: (chart: Chart, dataset: number) => boolean = () => true) {
  const text = axisText(palette);
  const namesIn = ({ data }: Chart) => data.datasets.map(({ label = '' }) => label);
  const isShown = (chart: Chart, dataset: number) =>
    namesIn(chart)[dataset] !== '' && isListed(chart, dataset);
  return {
    legend: {
      display: ({ chart }: { chart: Chart }) => namesIn(chart).some((_, dataset) => isShown(chart, dataset)),
      position: 'bottom' as const,
      onClick(_: unknown, { datasetIndex = 0 }: LegendItem, { chart }: { chart: Chart }) {
        const names = namesIn(chart);
        const visible = chart.isDatasetVisible(datasetIndex);
        for (const [dataset, name] of names.entries())
          if (name === names[datasetIndex]) chart.setDatasetVisibility(dataset, !visible);
        chart.update();
      },
      labels: {
        ...text,
        boxHeight: 8,
        usePointStyle: true,
        pointStyleWidth: 18,
        generateLabels(chart: Chart): LegendItem[] {
          // Whichever Chart.js it is that draws.
          const { defaults } = chart.constructor as typeof Chart;
          const items = defaults.plugins.legend.labels.generateLabels(chart);
          const listed = items.filter(({ datasetIndex = 0 }) => isShown(chart, datasetIndex));
          const first = listed.filter(
            (item, index) => listed.findIndex((one) => one.text === item.text) === index,
          );
          return first.map((item) => ({
            ...item,
            text: oneLine(chart.ctx, item.text, text.font, chart.width - LEGEND_AIR),
          }));
        },
      },
    } as unknown as LegendOptions<'line'> & LegendOptions<'bar'>,
  };
}
