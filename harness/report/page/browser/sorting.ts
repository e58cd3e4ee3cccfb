/** Makes the headings of tables sort by their columns. */
export function makeSortable(within: ParentNode): void {
  for (const button of within.querySelectorAll<HTMLElement>('thead th button'))
    button.addEventListener('click', () => sortBy(button.closest('th')!));
}

/** The sort key of a cell: its number in the least unit, or its words. */
function keyOf(cell: string): number | string {
  const [, isFraction, figure, unit = ''] =
    /^(1\/)?(-?[\d.]+(?:e[+-]?\d+)?)\s?(ns|µs|ms|s|B|KiB|MiB|%|x)?(?:$|[\s–])/.exec(cell) ?? [];
  if (figure === undefined) return cell;
  const units: Record<string, number> = { ns: 1e-6, µs: 1e-3, s: 1e3, KiB: 1024, MiB: 1024 ** 2 };
  return (isFraction ? 1 / Number(figure) : Number(figure)) * (units[unit] ?? 1);
}

function sortBy(heading: HTMLTableCellElement): void {
  const body = heading.closest('table')!.tBodies[0]!;
  const descending = heading.getAttribute('aria-sort') === 'ascending';
  for (const other of heading.parentElement!.children) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
  const keyed = [...body.rows].map((row) => ({
    row,
    key: keyOf(row.cells[heading.cellIndex]?.textContent ?? ''),
  }));
  keyed.sort(({ key: one }, { key: other }) => {
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    // Words after numbers.
    if (typeof one !== typeof other) return typeof one === 'number' ? -1 : 1;
    return String(one).localeCompare(String(other));
  });
  if (descending) keyed.reverse();
  body.append(...keyed.map(({ row }) => row));
}
