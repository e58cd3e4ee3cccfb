import type { Estimate, Row } from '../model/row.ts';

/** What of a row is set beside the peers': its time, or its share of the bound. */
export type Compared = 'speedup' | 'efficiency';

const VERBS: Readonly<Record<Compared, readonly [better: string, worse: string]>> = {
  speedup: ['is faster than', 'is slower than'],
  efficiency: ['comes closer to its bound than', 'stays farther from its bound than'],
};
const LIST = new Intl.ListFormat('en-GB', { type: 'conjunction' });

/**
 * One sentence on how a row of ours stands beside the peers that do the same, each with its ratio and 95 % interval.
 *
 * @param rows ours and the peers', of one group
 * @param own the id of our row
 * @returns empty where no peer stands beside it, or in too few rounds for an interval
 */
export function besidePeers(rows: readonly Row[], own: string, by: Compared): string {
  const ratios = rows.flatMap(({ parameters, nearest }) =>
    nearest?.variant === own && nearest[by].low !== null
      ? [{ peer: String(parameters.peer), ratio: nearest[by] }]
      : [],
  );
  const [better, worse] = VERBS[by];
  const clauses = [
    clause(
      better,
      ratios.filter(({ ratio }) => ratio.low! > 1),
    ),
    clause(
      worse,
      ratios.filter(({ ratio }) => ratio.high! < 1),
    ),
    clause(
      'cannot be told from',
      ratios.filter(({ ratio }) => ratio.low! <= 1 && ratio.high! >= 1),
    ),
  ].filter((part) => part !== '');
  return clauses.length === 0 ? '' : `${own} ${LIST.format(clauses)}.`;
}

/**
 * One sentence on the CPU time of a row of ours and of the peers that do the same: it is what clients differ in, and
 * what hides behind the waiting where there is enough of it.
 *
 * @param rows ours and the peers', of one group
 * @param own the id of our row
 * @returns empty where no peer stands beside it
 */
export function cpuBesidePeers(rows: readonly Row[], own: string): string {
  const cpuMsOf = ({ metrics }: Row) => metrics.cpuMs ?? Number.NaN;
  const ours = rows.find(({ variant }) => variant === own);
  const theirs = rows.filter(({ nearest }) => nearest?.variant === own).map(cpuMsOf);
  if (ours === undefined || theirs.length === 0) return '';
  const [least, most] = [Math.min(...theirs), Math.max(...theirs)].map((cpuMs) => cpuMs.toFixed(0));
  return (
    `In ${ours.medianMs.toFixed(0)} ms ${own} takes ${cpuMsOf(ours).toFixed(0)} ms of CPU time, ` +
    `its peers take ${least === most ? least : `${least} to ${most}`} ms.`
  );
}

function clause(verb: string, ratios: readonly { peer: string; ratio: Estimate }[]): string {
  if (ratios.length === 0) return '';
  const named = ratios.map(
    ({ peer, ratio }) =>
      `${peer} (${ratio.value.toFixed(3)} times, ${ratio.low!.toFixed(3)} to ${ratio.high!.toFixed(3)})`,
  );
  return `${verb} ${LIST.format(named)}`;
}
