/** Our rows compared with the peers that do the same work. */

import type { MeasuredRows } from '../model/finding.ts';
import type { Estimate, Row } from '../model/row.ts';
import { judgeRatio, type Verdict } from './judge.ts';
import { commonMetric, hasMetric, metricValue } from './metrics.ts';
import { formatTime, ratioWithInterval } from './numbers.ts';
import { joinParts, listOf } from './wording.ts';

/** What is compared: times, or the shares of their bounds that rows reach. */
export type PeersBy = 'time' | 'efficiency';

const VERBS: Readonly<Record<PeersBy, Readonly<Record<Exclude<Verdict, 'unproven'>, string>>>> = {
  time: { faster: 'is faster than', slower: 'is slower than', tied: 'is tied with' },
  efficiency: {
    faster: 'comes closer to its bound than',
    slower: 'stays farther from its bound than',
    tied: 'is as close to its bound as',
  },
};
const CPU = commonMetric('cpuMs');

/**
 * Compares each headline row with its peers: the ratio, its 95 % interval, and the CPU time of both.
 *
 * @returns empty if no headline row has a peer, or there are too few rounds for an interval
 */
export function besidePeers(
  { own, peers }: Pick<MeasuredRows, 'own' | 'peers'>,
  by: PeersBy = 'time',
): string {
  const sentences = own
    .filter(({ headline, sameWork }) => headline && sameWork)
    .flatMap((row) => {
      const beside = peers.filter(
        ({ group, nearest, sameWork }) => sameWork && group === row.group && nearest?.variant === row.variant,
      );
      const verdicts = verdictsOn(row, beside, by);
      return verdicts === '' ? [] : [verdicts, cpuBeside(row, beside)];
    });
  return joinParts(sentences);
}

function verdictsOn({ variant }: Row, peers: readonly Row[], by: PeersBy): string {
  const judged = peers.map(({ peer, nearest }) => ({
    peer: peer!,
    ...judgeRatio(by === 'time' ? nearest!.speedup : nearest!.efficiency),
  }));
  const clauses = (['faster', 'slower', 'tied'] as const).map((verdict) =>
    clause(
      VERBS[by][verdict],
      judged.filter((one) => one.verdict === verdict),
    ),
  );
  const told = clauses.filter((part) => part !== '');
  return joinParts(told.map((part, index) => `${index === 0 ? variant : 'It'} ${part}.`));
}

function clause(verb: string, ratios: readonly { peer: string; ratio: Estimate }[]): string {
  if (ratios.length === 0) return '';
  return `${verb} ${listOf(ratios.map(({ peer, ratio }) => `${peer}: ${ratioWithInterval(ratio)}`))}`;
}

/** The CPU time of both, in which clients differ, and which long waits hide. */
function cpuBeside(own: Row, peers: readonly Row[]): string {
  const all = [own, ...peers];
  if (!all.every((row) => hasMetric(row, CPU))) return '';
  const theirs = peers.map((row) => metricValue(row, CPU));
  const [least, most] = [formatTime(Math.min(...theirs)), formatTime(Math.max(...theirs))];
  return (
    `In ${formatTime(own.medianMs)}, ${own.variant} takes ${formatTime(metricValue(own, CPU))} of CPU time; ` +
    `${peers.length === 1 ? 'its peer takes' : 'its peers take'} ${least === most ? least : `${least} to ${most}`}.`
  );
}
