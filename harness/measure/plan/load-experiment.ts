/** Loads the file of an experiment. It is somebody's code: whatever it does, the command that loads it goes on. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { type ErrorPlace, placeOfError } from '../../error-place.ts';
import { installText, missingPackage } from '../../installation.ts';
import type { Experiment } from '../../model/experiment.ts';
import { pathForPeople } from '../../path.ts';
import { importProjectModule } from '../../project-module.ts';

/** A file of an experiment cannot be used; the message is one sentence that names it. */
export class ExperimentFileError extends Error {}

/** What a module did instead of loading. */
class Misbehaved extends Error {}

/** The time limit for loading a file with all that it imports. */
const LOAD_LIMIT_MS = 20_000;

/**
 * Imports the experiment of a file. A call of `process.exit` while it is loaded is an error.
 *
 * @param file its absolute path
 * @throws ExperimentFileError if it cannot be loaded, does not end loading, or exports no experiment
 */
export async function importExperiment(file: string): Promise<Experiment> {
  const { default: experiment } = await importGuarded(file);
  if (experiment?.profiles !== undefined) return experiment;
  throw new ExperimentFileError(
    `${pathForPeople(file)} has no experiment as its default export; it should export default defineBenchmark({ … }) or defineExperiment({ … }).`,
  );
}

async function importGuarded(file: string): Promise<{ readonly default?: Experiment }> {
  const guard = createGuard();
  const tooLong = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => tooLong.reject(new Misbehaved(`a top-level await did not end within ${LOAD_LIMIT_MS / 1000} s`)),
    LOAD_LIMIT_MS,
  );
  try {
    const module = await Promise.race([importProjectModule(file), guard.exited, tooLong.promise]);
    guard.check();
    return module as { readonly default?: Experiment };
  } catch (error) {
    throw new ExperimentFileError(sentenceFor(file, error), { cause: error });
  } finally {
    clearTimeout(timer);
    guard.end();
  }
}

/** Keeps a module that is being loaded from ending this process. */
function createGuard() {
  const { exit } = process;
  const exiting = Promise.withResolvers<never>();
  exiting.promise.catch(() => {});
  let called: Error | undefined;
  process.exit = (code) => {
    called = new Misbehaved(`it calls process.exit(${code ?? ''})`);
    exiting.reject(called);
    throw called;
  };
  return {
    /** Rejects when it calls `process.exit`. */
    exited: exiting.promise,
    /** @throws if it called `process.exit` and caught the error of that */
    check() {
      if (called !== undefined) throw called;
    },
    end() {
      Object.assign(process, { exit });
    },
  };
}

function sentenceFor(file: string, error: unknown): string {
  const name = pathForPeople(file);
  const missing = missingPackage(error);
  if (missing !== undefined)
    return `${name} needs ${missing}, which is not installed: run ${installText(missing)}.`;
  return `${name} cannot be loaded: ${missingModule(error) ?? reasonIn(file, error)}.`;
}

/** What is wrong with the path of an import, or undefined. */
function missingModule(error: unknown): string | undefined {
  const { code, message } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  if (code !== 'ERR_MODULE_NOT_FOUND') return undefined;
  const [, path, importer] = /^Cannot find module '([^']+)' imported from (.+)$/.exec(message ?? '') ?? [];
  if (path === undefined || importer === undefined) return undefined;
  const ending = extname(path) === '' && ['.ts', '.js', '.mts', '.mjs'].find((end) => existsSync(path + end));
  const advice = ending ? `; write its ending ${ending} in the import` : '';
  return `${pathForPeople(path)}, which ${pathForPeople(importer)} imports, does not exist${advice}`;
}

/** The first line of an error, and where it is. */
function reasonIn(file: string, error: unknown): string {
  if (!(error instanceof Error)) return `it throws ${String(error)}`;
  if (error instanceof Misbehaved) return error.message;
  const what = (error.message || error.name).split('\n')[0]!.replace(/\.$/, '');
  const place = placeOfError(error) ?? (error instanceof SyntaxError ? placeBySyntax(file) : undefined);
  return place === undefined ? what : `${what} (${pathForPeople(place.file)}:${place.line})`;
}

/** Node tells the line of a JavaScript file that it cannot parse to a terminal only. */
function placeBySyntax(file: string): ErrorPlace | undefined {
  const { stderr } = spawnSync(process.execPath, ['--no-warnings', '--check', file], { encoding: 'utf8' });
  const [, line] = /:(\d+)\n/.exec(stderr ?? '') ?? [];
  return line === undefined ? undefined : { file, line: Number(line) };
}
