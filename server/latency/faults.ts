import { ParameterError } from './validation.ts';

export const FAULTS = ['error', 'reset', 'silence', 'truncate', 'slow'] as const;
export type FaultKind = (typeof FAULTS)[number];

/** Kinds of faults with the upper ends of their shares of 0 to 1. */
export type FaultTable = readonly { readonly kind: FaultKind; readonly below: number }[];

/**
 * Reads faults as in `reset:0.1,slow:0.05`; a kind without a number always happens.
 *
 * @throws ParameterError if a kind is unknown, a probability is not a number from 0 to 1, or their sum exceeds 1
 */
export function readFaults(text: string | undefined): FaultTable {
  if (text === undefined || text === '') return [];
  let below = 0;
  return text.split(',').map((part) => {
    const [name, number = '1', ...rest] = part.split(':');
    const kind = FAULTS.find((fault) => fault === name);
    const probability = /^\d*\.?\d+$/.test(number) ? Number(number) : Number.NaN;
    below += probability;
    if (kind === undefined || rest.length > 0 || !(below <= 1 + Number.EPSILON))
      throw new ParameterError(
        `fault must be like reset:0.1 or error:0.05,slow:0.1, of ${FAULTS.join(', ')}, with probabilities that add up to at most 1.`,
      );
    return { kind, below };
  });
}

/** The fault for a uniform number from 0 to 1, or null. */
export function chooseFault(table: FaultTable, uniform: number): FaultKind | null {
  return table.find(({ below }) => uniform < below)?.kind ?? null;
}
