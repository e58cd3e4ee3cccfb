import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FONT_WEIGHTS, fontFile } from '../../charts/font-files.ts';
import { bundledProgram, type Program } from './bundled-program.ts';
import { html, type Markup, raw } from './markup.ts';

/** The parts of a page without a program. */
export interface StillParts {
  readonly title: string;
  readonly body: Markup;
  /** CSS rules of this page besides the common ones. */
  readonly css: string;
}

/** The parts of a page; its body is before the program. */
export interface PageParts extends StillParts {
  /** The data of its program, as JSON in the element `data`. */
  readonly data: unknown;
  /** The program's module, which is bundled with its imports. */
  readonly program: Program;
}

/** A page that needs no other file and no network: it contains fonts, styles, data and program. */
export function wholePage({ data, program, body, ...parts }: PageParts): string {
  const withProgram = html`${body}
<script type="application/json" id="data">${raw(jsonForScript(data))}</script>
<script>${raw(bundledProgram(program))}</script>`;
  return stillPage({ ...parts, body: withProgram });
}

/** A page of the same look that has no program: everything on it is in its HTML. */
export function stillPage({ title, body, css }: StillParts): string {
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
</body>
</html>
`.text;
}

/** JSON that cannot end the script element around it. */
function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function fontFaces(): string {
  return FONT_WEIGHTS.map((weight) => {
    const data = readFileSync(fontFile('latin', weight, 'woff2')).toString('base64');
    return `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/woff2;base64,${data})}\n`;
  }).join('');
}
