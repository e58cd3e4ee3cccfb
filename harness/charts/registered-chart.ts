import { Chart, registerables } from 'chart.js';
import * as errorBars from 'chartjs-chart-error-bars';
import annotation from 'chartjs-plugin-annotation';
import { registerComponents } from './components.ts';

let registered = false;

/** The Chart.js of this process, with all that our pictures need. */
export function registeredChart(): typeof Chart {
  if (!registered) {
    Chart.register(...registerables);
    registerComponents(Chart, errorBars, annotation);
  }
  registered = true;
  return Chart;
}
