/** From TypeScript to the JavaScript and the declarations of the npm package. */
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandText, installText } from '../harness/installation.ts';
import { lastWordsOf, runProgram } from '../harness/measure/process/program.ts';
import { toolVariables } from '../harness/measure/process/variables.ts';
import { ENTRIES, ROOT } from './manifest.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/**
 * Compiles modules and what they import.
 *
 * @param files paths from the root of this repository
 * @param out the folder of the package; paths within it are those of this repository
 * @param signal ends the compiler
 * @throws one sentence if the compiler is missing or fails
 */
export async function emit(files: readonly string[], out: string, signal: AbortSignal): Promise<void> {
  if (!existsSync(TSC)) throw new Error(`The compiler is not installed: run ${installText('typescript')}.`);
  const config = join(out, 'tsconfig.json');
  const settings = {
    extends: join(import.meta.dirname, 'tsconfig.json'),
    compilerOptions: { rootDir: ROOT, outDir: out, typeRoots: [join(ROOT, 'node_modules/@types')] },
    files: files.map((file) => join(ROOT, file)),
  };
  writeFileSync(config, JSON.stringify(settings));
  const end = await runProgram(process.execPath, [TSC, '--project', config], {
    cwd: ROOT,
    env: toolVariables(),
    signal,
  });
  rmSync(config);
  if (end.exitCode !== 0)
    throw new Error(
      `tsc failed: ${end.stdout.split('\n')[0] || lastWordsOf(end)}; ${commandText('typecheck')} lists all errors.`,
    );
  for (const file of globSync('**/*.{js,d.ts}', { cwd: out })) nameOutput(join(out, file));
}

/** The compiler renames imports in JavaScript, but neither paths of files nor the imports of declarations. */
function nameOutput(file: string): void {
  const text = readFileSync(file, 'utf8');
  const renamed = file.endsWith('.d.ts')
    ? text.replaceAll(/((?:\bfrom|\bimport\(|\bimport|declare module) ?'\.[^']*)\.ts'/g, "$1.js'")
    : text.replaceAll(/(import\.meta\.dirname, '[^']+)\.ts'/g, "$1.js'");
  writeFileSync(file, renamed);
}

/**
 * Removes declarations that no entry refers to, so that the package declares its public surface alone.
 *
 * @param out the folder of the package
 */
export function keepPublicDeclarations(out: string): void {
  const kept = new Set<string>();
  const keep = (file: string) => {
    if (kept.has(file)) return;
    kept.add(file);
    const text = readFileSync(join(out, file), 'utf8');
    for (const [, path] of text.matchAll(/(?:\bfrom|\bimport\(|\bimport|declare module) ?'(\.[^']*)\.js'/g))
      keep(join(dirname(file), `${path}.d.ts`));
  };
  for (const module of Object.values(ENTRIES)) keep(`${module}.d.ts`);
  for (const file of globSync('**/*.d.ts', { cwd: out })) if (!kept.has(file)) rmSync(join(out, file));
}
