/** Programs of pages: bundled when a page is written, or in the npm package when that was made. */
import './one-shot.ts';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The text of a module, and the absolute path of the folder that its imports start from. */
export interface Program {
  readonly text: string;
  readonly folder: string;
}

const bundles = new Map<string, string>();

/** The program with its imports, as one script for a page. */
export function bundledProgram(program: Program): string {
  const file = bundleFile(program);
  const text = bundles.get(program.text) ?? (existsSync(file) ? readFileSync(file, 'utf8') : bundle(program));
  bundles.set(program.text, text);
  return text;
}

/** Where the npm package has the bundled program, as an absolute path; in this repository there is no such file. */
export function bundleFile({ folder }: Program): string {
  return join(folder, 'bundled.js');
}

function bundle({ text: contents, folder: resolveDir }: Program): string {
  // The npm package does not depend on esbuild, so nothing may import it before it is needed.
  const { buildSync }: typeof import('esbuild') = createRequire(import.meta.url)('esbuild');
  return buildSync({
    stdin: { contents, resolveDir, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
  }).outputFiles[0]!.text.replaceAll('</script', '<\\/script');
}
