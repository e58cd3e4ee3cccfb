import { lossText } from '../harness/findings/floor.ts';
import { fastestFinding } from '../harness/findings/general.ts';
import { judge } from '../harness/findings/judge.ts';
import { defineExperiment, TIME_LIMIT_MS, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding, MeasuredRows } from '../harness/model/finding.ts';
import type { PeerVariant } from '../harness/model/peer.ts';
import { openNodeHttpCrawl } from './clients/node-http-crawl.ts';
import { peerCrawl } from './clients/peer-crawl.ts';
import { openSocketCrawl } from './clients/socket-crawl.ts';
import { openCrawl } from './clients/undici-crawl.ts';
import { callbacks } from './strategies/callbacks.ts';
import { promiseAll } from './strategies/promise-all.ts';
import { semaphore } from './strategies/semaphore.ts';
import { serial } from './strategies/serial.ts';

interface CrawlWorkload extends Workload {
  readonly requests: number;
  readonly delayMs: number;
}

/** A serial row that takes longer runs in only as many rounds as an interval needs: it exceeds all others together. */
const LONG_MS = 60_000;
const LONG_ROUNDS = 6;
/** Sockets by hand: the least that this runtime needs. */
const FLOOR = 'floor@100';

export default defineExperiment<CrawlWorkload>({
  title: 'Crawl',
  question: 'How much faster is a crawl that does not wait for one answer before it asks for the next?',
  brief: 'how much faster?',
  profiles: {
    smoke: { rounds: 2, warmUpRounds: 0, requests: 110, delayMs: 2 },
    quick: {
      rounds: 8,
      otherRounds: 6,
      repeats: { 'semaphore@100': 6 },
      warmUpRounds: 1,
      requests: 105,
      delayMs: 12,
    },
    // Twice the usual rounds, since clients in different languages differ by a few percent only.
    book: { rounds: 12, warmUpRounds: 1, requests: 1000, delayMs: 100 },
  },
  variants({ requests, delayMs }) {
    const variant = (
      id: string,
      strategy: Variant['strategy'],
      limit: number,
      open: typeof openCrawl = openCrawl,
    ): Variant => {
      const atOnce = Math.min(limit, requests);
      return {
        id,
        parameters: { limit: atOnce },
        strategy,
        jobs: requests,
        limit: atOnce,
        connections: { used: atOnce, opened: 0 },
        estimateMs: Math.ceil(requests / atOnce) * (delayMs + 1),
        timeLimitMs: TIME_LIMIT_MS + (3 * requests * delayMs) / atOnce,
        open: (target) => open(target, { requests, delayMs, connections: atOnce }),
      };
    };
    return [
      {
        ...variant('serial', serial, 1),
        baseline: true,
        // Its warm-up would take as long as all rounds of the other rows.
        warmsUp: false,
        ...(requests * delayMs > LONG_MS ? { rounds: LONG_ROUNDS } : {}),
      },
      variant('semaphore@10', semaphore(10), 10),
      { ...variant('semaphore@100', semaphore(100), 100), headline: true },
      variant('callbacks@100', callbacks(100), 100),
      variant('node:http@100', callbacks(100), 100, openNodeHttpCrawl),
      { ...variant(FLOOR, callbacks(100), 100, openSocketCrawl), floor: true },
      { ...variant('floor all', callbacks(requests), requests, openSocketCrawl), floor: true },
      // A second serial run would double the time of a round.
      { ...variant('promise-all', promiseAll, requests), control: true },
    ];
  },
  peers({ requests, delayMs }) {
    const row = (id: string, strategy: string, limit: number, nearest: string): PeerVariant => ({
      id,
      nearest,
      parameters: { limit },
      ...peerCrawl({ requests, delayMs, limit, strategy }),
    });
    return [
      // One round, since one request at a time takes equally long in every language.
      { ...row(' serial', 'serial', 1, 'serial'), rounds: 1 },
      row('@100', 'semaphore', Math.min(100, requests), 'semaphore@100'),
      row(' all', 'promise-all', requests, 'promise-all'),
    ];
  },
  charts: [
    { kind: 'speedup', view: 'speedup' },
    { kind: 'timeline', view: 'timeline', says: answersMeanwhile },
  ],
  finding: findingOf,
});

/** The answers of the slowest row when a bounded crawl is done: the idea of the chapter, in one picture. */
function answersMeanwhile({ own: rows }: MeasuredRows): string {
  const serially = rows.find(({ baseline }) => baseline);
  const bounded = rows.find(({ variant }) => variant === 'semaphore@100');
  if (serially === undefined || bounded === undefined || judge(bounded).verdict !== 'faster') return '';
  const { requests } = serially.target;
  const answers = Math.floor(requests / bounded.speedup.value);
  return `When ${bounded.variant} has all ${bounded.target.requests} answers, ${serially.variant} has ${answers}.`;
}

function findingOf({ own, floors }: MeasuredRows): Finding {
  const finding = fastestFinding(
    own,
    own,
    'Send requests together, and bound them with a semaphore where the target has a limit.',
  );
  const bounded = own.find(({ variant }) => variant === 'semaphore@100');
  const floor = floors.find(({ variant }) => variant === FLOOR);
  const loss = bounded === undefined ? '' : lossText(bounded, floor);
  return loss === '' ? finding : { ...finding, details: [...finding.details, loss] };
}
