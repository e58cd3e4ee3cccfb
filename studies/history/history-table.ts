/** The table of the study of histories. */
import { markdownTable } from 'markdown-table';
import { countsOf, type Kind, type Try } from './history-tries.ts';

/** What was tried, with every try. */
export interface Tried {
  readonly kind: Kind;
  readonly tries: readonly Try[];
}

/** Counts of every kind, with what a threshold of 10 % against the run before says of the same histories. */
export function historyTable(results: readonly Tried[]): string {
  const head = [
    'what happened',
    'runs',
    'histories',
    'false alarms',
    'found',
    'called a drift',
    'within the two commits',
    'found 6 commits later',
    'threshold: false alarms',
    'threshold: found',
  ];
  const lines = results.map(({ kind, tries }) => {
    const counts = countsOf(tries);
    const isFlat = kind.step === undefined && kind.drift === undefined;
    const ofStep = (count: number) => (kind.step === undefined ? '' : String(count));
    return [
      kind.what,
      kind.following,
      String(counts.tries),
      String(counts.falseAlarms),
      isFlat ? '' : String(counts.found),
      isFlat ? '' : String(counts.asDrift),
      ofStep(counts.between),
      ofStep(counts.soon),
      String(counts.thresholdFalse),
      isFlat ? '' : String(counts.thresholdFound),
    ];
  });
  return markdownTable([head, ...lines], { align: ['l', 'l', ...head.slice(2).map(() => 'r')] });
}
