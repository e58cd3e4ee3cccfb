import type { Row } from '../../model/row.ts';

/** Whether a row has a point: the law is fitted to our rows, and a floor is another client at one limit. */
export function isShown({ peer, floor }: Row): boolean {
  return peer === null && !floor;
}
