/** How much of what a row loses to its bound is the runtime's, and how much its client's. */
import type { Row } from '../model/row.ts';
import { formatShare } from './numbers.ts';

/**
 * As in `semaphore@100 loses 4.5 % to its bound: 2.1 % the runtime's (floor@100), 2.4 % the client's.`
 *
 * @param floor the row of the same work over sockets by hand
 * @returns empty where there is no such row
 */
export function lossText(row: Row, floor: Row | undefined): string {
  if (floor === undefined || row.boundMs === 0) return '';
  const [lost, least] = [1 - row.efficiency, Math.min(1 - floor.efficiency, 1 - row.efficiency)];
  return (
    `${row.variant} loses ${formatShare(lost, 1)} to its bound: ${formatShare(least, 1)} the runtime's (${floor.variant}), ` +
    `${formatShare(lost - least, 1)} the client's.`
  );
}
