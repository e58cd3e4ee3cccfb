/** Copies packages into the modules that import them, so that an installation needs fewer. */
import '../harness/report/page/one-shot.ts';
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { INLINED, OPTIONAL, ROOT } from './manifest.ts';
import { type Modules, packageIn } from './modules.ts';

/** Draws pictures; its own modules are copied into it, too, since they share one Chart.js. */
const PICTURES = 'harness/charts/render.js';
/** What stands in the package in place of a module. */
const REPLACED: Readonly<Record<string, string>> = { 'harness/charts/png.js': 'package/pictures/png.js' };

/**
 * Rewrites the modules of the package that import one of {@link INLINED}.
 *
 * @param out the folder of the package
 * @returns the folders of the packages that were copied, as paths from the root of this repository
 */
export async function inlinePackages(out: string, modules: Modules): Promise<string[]> {
  const importers = [...modules].filter(([, imports]) =>
    imports.some(({ path, isOurs }) => !isOurs && INLINED.includes(packageIn(path))),
  );
  const files = importers.map(([file]) => file).filter((file) => !file.startsWith('harness/charts/'));
  const folders = new Set<string>();
  for (const file of [...files, PICTURES]) {
    const { metafile } = await build({
      entryPoints: [file],
      absWorkingDir: out,
      outfile: file,
      allowOverwrite: true,
      bundle: true,
      metafile: true,
      platform: 'node',
      format: 'esm',
      target: 'node22',
      legalComments: 'none',
      plugins: [inlining(out, file === PICTURES)],
      logLevel: 'silent',
    });
    for (const input of Object.keys(metafile.inputs)) {
      const [, folder] =
        /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(relative(ROOT, join(out, input))) ?? [];
      if (folder !== undefined) folders.add(folder);
    }
  }
  return [...folders].sort();
}

/** Decides about each import whether it is copied or stays. */
function inlining(out: string, withOwnModules: boolean): Plugin {
  const optionalOf = new Map(Object.entries(OPTIONAL).map(([name, locked]) => [locked, name]));
  return {
    name: 'inlining',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /.*/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === 'asked' || kind === 'entry-point') return undefined;
        if (isBuiltin(path)) return { path, external: true };
        const fromPackage = importer.includes('/node_modules/');
        if (!fromPackage && path.startsWith('.')) {
          const file = relative(out, join(resolveDir, path));
          if (!withOwnModules) return { path, external: true };
          return { path: join(out, REPLACED[file] ?? file) };
        }
        if (fromPackage || INLINED.includes(packageIn(path))) {
          const from = fromPackage ? resolveDir : ROOT;
          return resolve(path, { kind, importer, resolveDir: from, pluginData: 'asked' });
        }
        return { path: optionalOf.get(path) ?? path, external: true };
      });
    },
  };
}

/**
 * The licenses of packages, which their copies must come with.
 *
 * @param folders as {@link inlinePackages} returns them
 */
export function licensesOf(folders: readonly string[]): string {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    const [file] = globSync('{LICENSE,LICENCE,license,licence}*', { cwd: join(ROOT, folder) });
    const text = file === undefined ? '' : readFileSync(join(ROOT, folder, file), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return `Parts of these packages are copied into this one.\n\n${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
