/** The files of the font that pictures and pages ship with. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { FONT_SCRIPTS } from './style.ts';

/** Normal and bold. */
export const FONT_WEIGHTS = ['400', '600'] as const;

/** The folder in which the npm package has its copies. */
export const FONT_COPIES = join(import.meta.dirname, 'inter');

const require = createRequire(import.meta.url);

/** The absolute path of the font's file for a script and a weight. */
export function fontFile(
  script: (typeof FONT_SCRIPTS)[number],
  weight: (typeof FONT_WEIGHTS)[number],
  format: 'woff' | 'woff2',
): string {
  return fileOfFont(`files/inter-${script}-${weight}-normal.${format}`);
}

/** The absolute path of the JSON that says which characters each script has. */
export function fontRanges(): string {
  return fileOfFont('unicode.json');
}

/** The npm package has copies, since the package of the font has many times as many files. */
function fileOfFont(path: string): string {
  const copy = join(FONT_COPIES, path);
  return existsSync(copy) ? copy : require.resolve(`@fontsource/inter/${path}`);
}
