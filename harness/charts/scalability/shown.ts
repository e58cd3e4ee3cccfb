import type { Row } from '../../model/row.ts';

/** Whether a row has a point: the law is fitted to ours. */
export function isShown({ peer }: Row): boolean {
  return !peer;
}
