/** The kept tries of the study. */
import { readKept, resumeKept, writeKept } from '../gate/kept.ts';
import type { SweepTry } from './sweep-by-hand.ts';
import type { TuneTry } from './tune-cases.ts';

/** All tries, in the order in which they were measured. */
export interface TuneTries {
  /** The machine and the versions, by name. */
  readonly conditions: object;
  readonly tries: readonly TuneTry[];
  readonly sweeps: readonly SweepTry[];
}

const LISTS = ['tries', 'sweeps'] as const;

/** Reads kept tries; null without a file. @throws as `readKept` */
export function readTuneTries(file: string): TuneTries | null {
  return readKept<TuneTries>(file, LISTS);
}

/** The tries to go on from. @throws as `resumeKept` */
export function resumeTuneTries(file: string, conditions: object): TuneTries {
  return resumeKept<TuneTries>(file, LISTS, { conditions, tries: [], sweeps: [] });
}

/** Writes all tries. The folder must exist. @throws as `writeKept` */
export function writeTuneTries(file: string, { conditions, tries, sweeps }: TuneTries): void {
  writeKept(file, { conditions, tries, sweeps });
}
