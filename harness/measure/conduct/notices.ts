/** What a person should know of measured code, although every check passed: what it prints, and what it leaves open. */
import { count, listOf } from '../../findings/wording.ts';
import type { Warning } from '../../model/row.ts';
import { shortPath } from '../plan/variants.ts';
import type { Printed } from '../process/child.ts';

/** A longer line is cut. */
const LONGEST_LINE = 60;

/** Collects notices of one experiment. */
export interface Notices {
  /** Adds what one measured process printed. */
  printed(printed: Printed): void;
  /** Adds what is open after a round, by kind. */
  leftOpen(kinds: Readonly<Record<string, number>>): void;
  all(): Warning[];
}

/** @param file the experiment's file, which the sentences name */
export function createNotices(file: string): Notices {
  const where = shortPath(file);
  let lines = 0;
  let first = '';
  const open: Readonly<Record<string, number>>[] = [];
  return {
    printed(printed) {
      lines += printed.lines;
      if (first === '') first = printed.first;
    },
    leftOpen(kinds) {
      open.push(kinds);
    },
    all() {
      const kinds = growingKinds(open).map((kind) => count(open.at(-1)![kind]!, kind));
      return [
        ...(lines === 0
          ? []
          : [
              {
                what: `${where} printed ${count(lines, 'line')} while it was measured; the first is ${quoted(first)}.`,
                remedy: 'Printing takes time, so let it be silent.',
              },
            ]),
        ...(kinds.length === 0
          ? []
          : [
              {
                what: `${where} leaves ${listOf(kinds)} open, and more after each round.`,
                remedy: 'Close what each call opens.',
              },
            ]),
      ];
    },
  };
}

/** The kinds of which there are more after each round; what is opened once may be kept on purpose. */
function growingKinds(rounds: readonly Readonly<Record<string, number>>[]): string[] {
  const countsOf = (kind: string) => rounds.map((kinds) => kinds[kind] ?? 0);
  return Object.keys(rounds.at(-1) ?? {}).filter(
    (kind) => rounds.length > 1 && countsOf(kind).every((own, at, all) => at === 0 || own > all[at - 1]!),
  );
}

function quoted(line: string): string {
  return JSON.stringify(line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE - 1)}…`);
}
