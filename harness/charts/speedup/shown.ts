import type { Row } from '../../model/row.ts';

/** Whether a row has a bar, or is what bars are relative to: rows of unequal work have no speedup. */
export function isShown({ baseline, sameWork }: Row): boolean {
  return baseline || sameWork;
}
