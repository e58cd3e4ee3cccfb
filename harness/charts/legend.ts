import type { Chart, LegendItem, LegendOptions } from 'chart.js';
import { oneLine } from './labels.ts';
import type { Palette } from './palette.ts';
import { axisText } from './style.ts';

/** The height of a legend on one line, in CSS pixels. */
export const LEGEND_HEIGHT = 34;
/** From the edge of a picture to the texts of its legend, with the symbol. */
const LEGEND_AIR = 60;

/**
 * The names of datasets below the picture, each once. A click on a name hides all its datasets.
 *
 * @param isListed whether the legend names a dataset; all of them if left out
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
          // The Chart.js that draws this chart; several may be loaded.
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
