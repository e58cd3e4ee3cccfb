import type { SingleRound } from '../../../charts/picture.ts';
import type { Row } from '../../../model/row.ts';
import { joinNames } from '../../text.ts';
import type { ExperimentData } from '../data.ts';

/** The numbers of the rounds that an experiment finished. */
export function roundsIn({ samples }: ExperimentData): number[] {
  return [...new Set(samples.map(([round]) => round))];
}

/** One round as pictures show it. */
export function roundOf({ samples, record }: ExperimentData, number: number): SingleRound {
  const timeOf = (isIt: (row: Pick<Row, 'group' | 'variant' | 'baseline'>) => boolean) => {
    const place = record.variants.findIndex(({ id, group, baseline }) =>
      isIt({ variant: id, group, baseline }),
    );
    const sample = samples.find(
      ([round, variant, twin]) => round === number && variant === place && twin === 0,
    );
    return sample?.[3] ?? null;
  };
  const timeMs = ({ group, variant }: Row) =>
    timeOf((other) => other.group === group && other.variant === variant);
  return {
    timeMs,
    speedup(row) {
      const [own, baseline] = [timeMs(row), timeOf(({ group, baseline }) => baseline && group === row.group)];
      return own === null || baseline === null ? null : baseline / own;
    },
  };
}

const HEADINGS = ['variant', 'round', 'twin', 'time (ms)', 'CPU (ms)', 'bound (ms)'];

/** Samples as a table: those of one round, or of all. */
export function samplesTable({ samples, record }: ExperimentData, number: number | undefined): HTMLElement {
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const heading of HEADINGS) {
    const cell = document.createElement('th');
    cell.scope = 'col';
    cell.textContent = heading;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [round, variant, twin, ...times] of samples) {
    if (number !== undefined && round !== number) continue;
    const { id = '', group = '' } = record.variants[variant] ?? {};
    const cells = [joinNames([group, id], ' '), round, twin === 1 ? 'yes' : '', ...times];
    const row = body.insertRow();
    for (const cell of cells) row.insertCell().textContent = String(cell);
  }
  const scroll = document.createElement('div');
  scroll.className = 'scroll';
  scroll.tabIndex = 0;
  scroll.role = 'region';
  scroll.ariaLabel = 'Samples';
  scroll.append(table);
  return scroll;
}
