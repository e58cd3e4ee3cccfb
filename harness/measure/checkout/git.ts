import { lastWordsOf, type ProgramEnd, type ProgramOptions, runProgram } from '../process/program.ts';
import { gitVariables } from '../process/variables.ts';

/** How to run git, in a folder of the checkout. */
export type GitOptions = Pick<ProgramOptions, 'cwd' | 'signal' | 'attended'> & {
  /** The index file; that of the checkout if left out. */
  readonly index?: string;
};

/**
 * Runs git on this checkout and on no other, even if another git started this process as a hook.
 *
 * @returns also if git fails
 * @throws as {@link runProgram}
 */
export function git(args: readonly string[], { index, ...options }: GitOptions): Promise<ProgramEnd> {
  const variables = gitVariables();
  const env = index === undefined ? variables : { ...variables, GIT_INDEX_FILE: index };
  return runProgram('git', args, { env, ...options });
}

/** Returns git's standard output. @throws one sentence with git's reason if it fails */
export async function runGit(args: readonly string[], options: GitOptions): Promise<string> {
  const end = await git(args, { attended: true, ...options });
  if (end.exitCode === 0) return end.stdout;
  const command = args.filter((arg, index) => arg !== '-c' && args[index - 1] !== '-c').slice(0, 2);
  throw new Error(`git ${command.join(' ')} failed: ${gitReason(end)}.`);
}

/** Why git failed, in its words and without a full stop; with its advice if the checkout belongs to another user. */
export function gitReason(end: ProgramEnd): string {
  const lines = end.stderr.split('\n').map((line) => line.trim());
  const said = lines
    .map((line) => /^(?:fatal|error): (.*)$/.exec(line)?.[1])
    .find((text) => text !== undefined);
  const advised = lines.find((line) => line.startsWith('git config --global --add safe.directory '));
  const reason = (said ?? lastWordsOf(end))
    .replace(/^not a git repository.*/, 'this is no git repository')
    .replace(/\.$/, '');
  return advised === undefined ? reason : `${reason}; ${advised} allows it`;
}
