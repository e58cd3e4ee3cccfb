/** The modules of the npm package, and what they import. */
import '../harness/report/page/one-shot.ts';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { ENTRIES, PROGRAM } from './manifest.ts';

/** One import of a module. */
export interface Import {
  /** A path from the root for our own modules, or else the name of a package. */
  readonly path: string;
  readonly isOurs: boolean;
  /** Whether it is imported when it is needed, and not with the module. */
  readonly lazy: boolean;
}

/** What each module imports at run time, by its path from the root. */
export type Modules = ReadonlyMap<string, readonly Import[]>;

/** Modules that are found by listing their folder. */
const LISTED = [
  'harness/charts/*/{kind,draw}.{ts,js}',
  'harness/report/exports/*.{ts,js}',
  'server/*/kind.{ts,js}',
];

/**
 * Finds every module that the package can run: those that its program and its entries import, those that are listed, and
 * those that are started as a process.
 *
 * @param root this repository, or the folder of the package
 * @param more further modules, as paths from the root
 */
export async function findModules(root: string, more: readonly string[] = []): Promise<Modules> {
  const found = globSync([...Object.values(ENTRIES).map((entry) => `${entry}.{ts,js}`), ...LISTED], {
    cwd: root,
  });
  const roots = [PROGRAM, ...found.filter((file) => !file.endsWith('.d.ts')), ...more];
  for (;;) {
    const modules = await importsOf(root, roots);
    const started = [...modules.keys()].flatMap((file) => startedBy(root, file));
    const added = started.filter((file) => !modules.has(file));
    if (added.length === 0) return modules;
    roots.push(...added);
  }
}

/** The name of the package that an import is of, as `typebox` of `typebox/value`. */
export function packageIn(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The modules that a module names by a path, to start them as a process. */
function startedBy(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/import\.meta\.dirname, '([^']+\.[tj]s)'/g)].map(([, path]) =>
    join(dirname(file), path!),
  );
}

async function importsOf(root: string, roots: readonly string[]): Promise<Modules> {
  const { metafile } = await build({
    entryPoints: [...roots],
    absWorkingDir: root,
    outdir: 'out',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  });
  return new Map(Object.entries(metafile.inputs).map(([file, { imports }]) => [file, imports.map(importOf)]));
}

function importOf({ path, external, kind }: Metafile['inputs'][string]['imports'][number]): Import {
  return { path, isOurs: external !== true, lazy: kind === 'dynamic-import' };
}
