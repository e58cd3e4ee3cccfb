/** What a search says: the answer in a sentence, the reason, and what to do about it. */
import { threeDigits } from '../findings/numbers.ts';
import type { TuneAnswer } from './tune-answer.ts';

/** `Use 32 at once (24 to 40).` */
export function answerSentence({ limit, low, high, reason }: TuneAnswer): string {
  const interval =
    low === null || high === null || reason === 'refused' || reason === 'files' ? '' : ` (${low} to ${high})`;
  if (reason === 'not-reached') return `No limit was reached: ${limit} at once is the most that was tried.`;
  return `Use ${limit} at once${interval}.`;
}

/** Why, and what to do about it: one or two sentences. */
export function reasonSentence(answer: TuneAnswer): string {
  const { limit, reason, detail, refusedAt, lastGain } = answer;
  switch (reason) {
    case 'refused':
      return `The target refuses more: ${detail ?? 'it failed'} at ${refusedAt}. Stay at ${limit}, or ask its owner for a higher limit.`;
    case 'files':
      return `This process has no more files or ports at ${refusedAt} (${detail}). Raise its limit with ulimit -n.`;
    case 'hidden-limit':
      return `The client has a hidden limit of ${detail}: never more were in flight. Raise that limit (maxSockets, a pool, a limiter) and tune again.`;
    case 'client-cpu':
      return `The client's CPU is busy for ${percent(Number(detail))} of the time. Make each job cheaper, or run several processes.`;
    case 'slower':
      return `More makes the target slower: ${gainText(answer)} Keep to the answer: its jobs get in each other's way.`;
    case 'saturated':
      return `More than that queues at the target${answer.above === null ? '.' : `: ${gainText(answer)}`}`;
    case 'not-reached':
      return lastGain === null
        ? 'The budget was too small; --requests and --seconds allow more.'
        : `The last doubling still gained ${percent(lastGain)} throughput; --max, --requests and --seconds allow more.`;
  }
}

/** `64 gained 1 % (-1 to 3 %) throughput and took 2.01 times as long.` */
function gainText({ above }: TuneAnswer): string {
  const { limit, throughput, latency } = above!;
  const { value, low, high } = throughput;
  const lost = value < 1;
  const shown = (ratio: number) => Math.round((lost ? 1 - ratio : ratio - 1) * 100);
  const ends =
    low === null || high === null ? '' : ` (${shown(lost ? high : low)} to ${shown(lost ? low : high)} %)`;
  return `${limit} ${lost ? 'lost' : 'gained'} ${shown(value)} %${ends} throughput and took ${threeDigits(latency)} times as long.`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
