import type { ChartComponentLike } from 'chart.js';
import type * as ErrorBars from 'chartjs-chart-error-bars';

/**
 * Registers the Chart.js plugins and chart types that our pictures use.
 *
 * @param chart the Chart.js that draws; the other two must have been loaded for it
 */
export function registerComponents(
  chart: { register(...items: ChartComponentLike[]): void },
  errorBars: Pick<
    typeof ErrorBars,
    | 'BarWithErrorBar'
    | 'BarWithErrorBarsController'
    | 'LineWithErrorBarsController'
    | 'PointWithErrorBar'
    | 'ScatterWithErrorBarsController'
  >,
  annotation: ChartComponentLike,
): void {
  chart.register(
    errorBars.BarWithErrorBar,
    errorBars.BarWithErrorBarsController,
    errorBars.LineWithErrorBarsController,
    errorBars.PointWithErrorBar,
    errorBars.ScatterWithErrorBarsController,
    annotation,
  );
}
