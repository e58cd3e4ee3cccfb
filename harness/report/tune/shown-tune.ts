import { limitRows } from '../../tune/limit-rows.ts';
import { answerOf } from '../../tune/tune-answer.ts';
import type { TuneRecord } from '../../tune/tune-record.ts';
import type { ShownTune } from './tune-picture.ts';

/** What the picture of a record shows. */
export function shownTune({ steps, budget }: Pick<TuneRecord, 'steps' | 'budget'>): ShownTune {
  const answer = answerOf(steps, budget.most);
  const rows = limitRows(steps);
  if (answer === null) return { rows, answer };
  const { limit, low, high } = answer;
  return { rows, answer: { limit, low: low ?? limit, high: high ?? limit } };
}
