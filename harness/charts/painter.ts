import { loadParts } from './kinds.ts';
import type { ChartDrawer } from './picture.ts';
import { createPainter, type Painter } from './pictures.ts';

/** What draws the charts of every kind there is, on paper. What draws takes long to load: to be imported when needed. */
export async function loadPainter(): Promise<Painter> {
  return createPainter(await loadParts<ChartDrawer>('draw'));
}
