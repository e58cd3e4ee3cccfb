import type { Row } from '../../model/row.ts';

/** Whether a row has a bar or is the baseline; rows of unequal work have no speedup. */
export function isShown({ baseline, sameWork }: Row): boolean {
  return baseline || sameWork;
}
