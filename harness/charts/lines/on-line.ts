import type { Row } from '../../model/row.ts';
import { figureOf } from '../figure-of.ts';
import type { LinesChart } from './kind.ts';

/** Whether a row has a point in the picture. */
export function isOnLine({ x, series }: LinesChart, row: Row): boolean {
  return placeOnAxis(x, row) !== null && series.some(({ figure }) => figureOf(row, figure) !== null);
}

/** The place of a row on the x axis; null if the row lacks the figure or parameter. */
export function placeOnAxis({ parameter, figure }: LinesChart['x'], row: Row): number | null {
  const x = parameter === undefined ? figureOf(row, figure ?? 'medianMs') : Number(row.parameters[parameter]);
  return Number.isFinite(x) ? x : null;
}
