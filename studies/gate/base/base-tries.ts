/** The kept tries of the study, each a comparison from its beginning to its end. */
import type { Estimate } from '../../../harness/model/row.ts';
import { readKept, resumeKept, writeKept } from '../kept.ts';

/** What one comparison said. */
export interface BaseTry {
  /** The name of its case. */
  readonly case: string;
  /** The commit of Overlap that compared, and whether its files had other changes. */
  readonly commit: string;
  /** From the start of the command to its end. */
  readonly seconds: number;
  /** The rounds of the slowed row, and of its second measurement if it regressed. */
  readonly rounds: number;
  readonly roundsAgain: number | null;
  /** Time after / time before of the slowed row. */
  readonly timeRatio: Estimate;
  /** The rows that regressed, and of them those that did so again when measured again. */
  readonly regressed: readonly string[];
  readonly confirmed: readonly string[];
  /** The rows without a verdict. */
  readonly inconclusive: readonly string[];
}

/** All tries, in the order in which they were measured. */
export interface BaseTries {
  /** The work, the machine and the versions. */
  readonly conditions: object;
  readonly tries: readonly BaseTry[];
}

/** Reads kept tries; null without a file. @throws as `readKept` */
export function readTries(file: string): BaseTries | null {
  return readKept<BaseTries>(file, ['tries']);
}

/** The tries to go on from. @throws as `resumeKept` */
export function resumeTries(file: string, conditions: object): BaseTries {
  return resumeKept<BaseTries>(file, ['tries'], { conditions, tries: [] });
}

/** Writes all tries, one a line. The folder must exist. @throws as `writeKept` */
export function writeTries(file: string, { conditions, tries }: BaseTries): void {
  writeKept(file, { conditions, tries });
}
