/** Makes the npm package from this repository. Only making it needs a compiler; the repository itself runs as it is. */
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { FONT_COPIES, FONT_WEIGHTS, fontFile, fontRanges } from '../harness/charts/font-files.ts';
import { CHART_KIND_NAMES } from '../harness/charts/kinds.ts';
import { FONT_SCRIPTS } from '../harness/charts/style.ts';
import { bundledProgram, bundleFile } from '../harness/report/page/bundled-program.ts';
import { reportProgram } from '../harness/report/page/report-page.ts';
import { PLAY_PROGRAM } from '../play/play-page.ts';
import { emit, keepPublicDeclarations } from './emit.ts';
import { inlinePackages, licensesOf } from './inline.ts';
import { ENTRIES, packageManifest, ROOT } from './manifest.ts';
import { findModules, type Modules } from './modules.ts';

/** Paints PNGs in the package, where no module imports it by its path. */
const PAINTER = 'package/pictures/png.ts';
/** Files besides modules: from this repository, and their names in the package. */
const FILES: Readonly<Record<string, string>> = {
  LICENSE: 'LICENSE',
  'package/README.md': 'README.md',
  'docs/peer-protocol.md': 'docs/peer-protocol.md',
};

/**
 * Makes the package's folder, ready for `npm pack`.
 *
 * @param out an empty folder
 * @param signal ends what runs
 * @throws one sentence if the compiler fails
 */
export async function makePackage(out: string, signal: AbortSignal): Promise<void> {
  const sources = await findModules(ROOT, [PAINTER]);
  await emit([...sources.keys()], out, signal);
  const kinds = CHART_KIND_NAMES.map((name) => `harness/charts/${name}/kind`);
  declareCharts(out, kinds);
  keepPublicDeclarations(out);
  const copied = await inlinePackages(out, await findModules(out));
  removeUnused(out, await findModules(out));
  for (const program of [reportProgram(), PLAY_PROGRAM])
    write(join(out, relative(ROOT, bundleFile(program))), bundledProgram(program));
  copyFont(out);
  for (const [from, to] of [...Object.entries(FILES), ...stylesOf(sources)])
    copy(join(ROOT, from), join(out, to));
  write(join(out, 'THIRD-PARTY-LICENSES.txt'), licensesOf([...copied, 'node_modules/@fontsource/inter']));
  write(join(out, 'package.json'), `${JSON.stringify(packageManifest(), null, 2)}\n`);
}

/** The kinds of charts declare themselves, so the declarations of experiments import theirs, without the drawing code. */
function declareCharts(out: string, kinds: readonly string[]): void {
  for (const kind of kinds) {
    const file = join(out, `${kind}.d.ts`);
    const text = readFileSync(file, 'utf8').replace(/declare const _default[\s\S]*$/, '');
    write(file, text.replaceAll(/^import [^;]*? from '\.[^']*';\n/gm, ''));
  }
  const file = join(out, `${ENTRIES['.']}.d.ts`);
  const imports = kinds.map((kind) => `import '${relative(dirname(ENTRIES['.']!), kind)}.js';\n`);
  write(file, `${imports.join('')}${readFileSync(file, 'utf8')}`);
}

/** Removes what was compiled for its types alone, and what is in a copy now. */
function removeUnused(out: string, modules: Modules): void {
  for (const file of globSync('**/*.js', { cwd: out })) if (!modules.has(file)) rmSync(join(out, file));
}

function copyFont(out: string): void {
  const folder = join(out, relative(ROOT, FONT_COPIES));
  const files = FONT_WEIGHTS.flatMap((weight) => [
    fontFile('latin', weight, 'woff2'),
    ...FONT_SCRIPTS.map((script) => fontFile(script, weight, 'woff')),
  ]);
  for (const file of files) copy(file, join(folder, 'files', basename(file)));
  copy(fontRanges(), join(folder, basename(fontRanges())));
}

/** The style sheets that modules read. */
function stylesOf(modules: Modules): [from: string, to: string][] {
  return [...modules.keys()].flatMap((module) => {
    const text = readFileSync(join(ROOT, module), 'utf8');
    return [...text.matchAll(/import\.meta\.dirname, '([^']+\.css)'/g)].map(([, path]): [string, string] => {
      const file = join(dirname(module), path!);
      return [file, file];
    });
  });
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
