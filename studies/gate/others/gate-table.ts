import { markdownTable } from 'markdown-table';
import { median } from 'simple-statistics';
import { type GateFigures, TIMED_SHARE, TRIES, type Tries } from './gate-figures.ts';
import type { GateSamples } from './gate-samples.ts';

/**
 * A table for each row, as Markdown.
 *
 * @param figures of each row
 * @param tries how often each figure was tried
 */
export function gatesMarkdown(
  samples: GateSamples,
  figures: ReadonlyMap<string, readonly GateFigures[]>,
  tries: Tries = TRIES,
): string {
  return [...figures]
    .flatMap(([row, ofGates]) => [rowText(samples, row), tableOf(ofGates, tries)])
    .join('\n\n');
}

function rowText({ rounds, runs }: GateSamples, row: string): string {
  const timesMs = rounds.flat().flatMap((process) => process.timesMs[row]!);
  return `\`${row}\`, ${median(timesMs).toFixed(0)} ms: ${rounds.length} rounds of both sides, and ${runs.length} runs.`;
}

function tableOf(figures: readonly GateFigures[], { splits, pairs }: Tries): string {
  const shares = [...figures[0]!.found.keys()];
  const heads = [
    'gate',
    `unchanged, ${splits} splits`,
    `unchanged, ${pairs} pairs`,
    ...shares.map((share) => `${percent(share)} slower`),
    'seconds, unchanged',
    `seconds, ${percent(TIMED_SHARE)} slower`,
  ];
  const lines = figures.map(({ gate, falseSplits, falsePairs, found, seconds }) => [
    gate,
    ...[falseSplits, falsePairs, ...found.values()].map(String),
    ...[seconds.unchanged, seconds.slower].map((value) => value.toFixed(value < 10 ? 1 : 0)),
  ]);
  const align = heads.map((_, index) => (index === 0 ? 'l' : 'r'));
  return markdownTable([heads, ...lines], { align });
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
