/** The kinds of charts, one folder each. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TSchema } from 'typebox';
import type { Chart } from '../model/chart.ts';
import type { Row } from '../model/row.ts';
import { rowsOf } from './figure-of.ts';
import type { Drawable } from './picture.ts';

/** The part of a kind that measuring and recording need: the default export of its `kind.ts`. */
export interface ChartKind {
  /** The schema of a chart of this kind as an experiment declares it, without its sentence. */
  readonly schema: TSchema;
  /** Whether it is drawn from the requests of one round. */
  readonly needsTrace: boolean;
  /** Whether it can show a single round next to the result of all rounds. */
  readonly showsRounds: boolean;
  /** Whether a row of its groups is in the picture; all of them if left out. */
  readonly shows?: (chart: never, row: Row, record: Drawable) => boolean;
}

/** The names of all kinds, taken from their folders. */
export const CHART_KIND_NAMES: readonly string[] = readdirSync(import.meta.dirname)
  .filter((name) => existsSync(partOf(name, 'kind')))
  .sort();

/** The absolute path of a part of a kind: `kind` declares it, `draw` draws it. */
export function partOf(kind: string, part: 'kind' | 'draw'): string {
  // In the npm package, the files are JavaScript.
  const ending = import.meta.filename.slice(import.meta.filename.lastIndexOf('.'));
  return join(import.meta.dirname, kind, part + ending);
}

/** The default export of a part of each kind, by the kind's name. */
export async function loadParts<Part>(part: 'kind' | 'draw'): Promise<ReadonlyMap<string, Part>> {
  const entries = CHART_KIND_NAMES.map(async (name): Promise<[string, Part]> => {
    const module: { default: Part } = await import(pathToFileURL(partOf(name, part)).href);
    return [name, module.default];
  });
  return new Map(await Promise.all(entries));
}

/** Every kind by its name. */
export const CHART_KINDS = await loadParts<ChartKind>('kind');

/** The rows that a chart shows, out of all rows of its experiment. */
export function shownRows(chart: Chart, record: Drawable, rows: readonly Row[]): Row[] {
  const shows = CHART_KINDS.get(chart.kind)?.shows as
    | ((chart: Chart, row: Row, record: Drawable) => boolean)
    | undefined;
  return rowsOf(rows, chart.groups).filter((row) => shows?.(chart, row, record) ?? true);
}
