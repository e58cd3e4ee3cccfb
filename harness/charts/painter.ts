import { loadParts } from './kinds.ts';
import type { ChartDrawer } from './picture.ts';
import { createPainter, type Painter } from './pictures.ts';

/** Draws charts of every kind, on paper. Its libraries load slowly, so import this module only when needed. */
export async function loadPainter(): Promise<Painter> {
  return createPainter(await loadParts<ChartDrawer>('draw'));
}
