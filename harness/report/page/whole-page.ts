import './one-shot.ts';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { html, type Markup, raw } from './markup.ts';

/** The text of a module, and the absolute path of the folder that its imports start from. */
export interface Program {
  readonly text: string;
  readonly folder: string;
}

/** The parts of a page. */
export interface PageParts {
  readonly title: string;
  /** The body before the program. */
  readonly body: Markup;
  /** The data of its program, as JSON in the element `data`. */
  readonly data: unknown;
  /** The program's module, which is bundled with its imports. */
  readonly program: Program;
  /** CSS rules of this page besides the common ones. */
  readonly css: string;
}

/** A page that needs no other file and no network: it contains fonts, styles, data and program. */
export function wholePage({ title, body, data, program, css }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${raw(fontFaces())}${raw(readFileSync(join(import.meta.dirname, 'theme.css'), 'utf8'))}${raw(css)}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${raw(jsonForScript(data))}</script>
<script>${raw(bundle(program))}</script>
</body>
</html>
`.text;
}

/** JSON that cannot end the script element around it. */
function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function fontFaces(): string {
  const require = createRequire(import.meta.url);
  return ['400', '600']
    .map((weight) => {
      const file = require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`);
      const data = readFileSync(file).toString('base64');
      return `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/woff2;base64,${data})}\n`;
    })
    .join('');
}

const bundles = new Map<string, string>();

/** Bundles a module with its imports. */
function bundle({ text: contents, folder: resolveDir }: Program): string {
  const known = bundles.get(contents);
  if (known !== undefined) return known;
  const text = buildSync({
    stdin: { contents, resolveDir, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
  }).outputFiles[0]!.text.replaceAll('</script', '<\\/script');
  bundles.set(contents, text);
  return text;
}
