import { installText, missingPackage } from '../installation.ts';

/** Draws pictures as files. */
export type Renderer = typeof import('./render.ts');

/**
 * Loads what draws files. Its libraries load slowly, and the npm package leaves the canvas to those who want pictures.
 *
 * @returns the renderer, or one sentence about what is missing
 */
export async function loadRenderer(): Promise<Renderer | string> {
  try {
    return await import('./render.ts');
  } catch (error) {
    const missing = missingPackage(error);
    if (missing === undefined) throw error;
    return `Pictures are left out: ${installText(missing)} adds them.`;
  }
}
