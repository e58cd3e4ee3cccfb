import { delimiter, join } from 'node:path';
import { lastWordsOf, runProgram } from '../process/program.ts';
import { toolVariables } from '../process/variables.ts';
import { foldersUpTo } from './folders.ts';

/** Where a command runs. */
export interface Place {
  /** The folder of the project. */
  readonly directory: string;
  /** The top of its checkout. */
  readonly top: string;
  /** In sentences: `the base`. */
  readonly name: string;
}

/**
 * Runs the user's command in the folder of a project, by the shell, with the programs of that checkout's packages.
 *
 * @throws one sentence if it fails; the abort reason of `signal`
 */
export async function prepare(
  command: string,
  { directory, top, name }: Place,
  signal: AbortSignal,
): Promise<void> {
  const [shell, ...args] =
    process.platform === 'win32' ? (['cmd', '/d', '/s', '/c'] as const) : (['/bin/sh', '-c'] as const);
  const variables = toolVariables();
  const programs = foldersUpTo(top, directory).map((folder) => join(folder, 'node_modules/.bin'));
  const env = { ...variables, PATH: [...programs, variables.PATH ?? ''].join(delimiter) };
  const options = { cwd: directory, env, signal, attended: true, whole: true };
  const end = await runProgram(shell, [...args, command], options);
  if (end.exitCode === 0) return;
  // Compilers write errors to their standard output; npm writes much to its standard error.
  const said = [end.stdout, end.stderr].join('\n');
  const reason = lastWordsOf({ ...end, stderr: said }, /^\s*$|^npm (error|notice|warn)/i).replace(/\.$/, '');
  throw new Error(`--prepare failed in ${name}: ${reason}.`);
}
