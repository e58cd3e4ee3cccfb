import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  InvalidArgumentError,
} from '@commander-js/extra-typings';
import { placeOfError } from '../harness/error-place.ts';
import { usageText } from '../harness/installation.ts';
import { pathForPeople } from '../harness/path.ts';
import { openProject, type Project } from '../harness/project.ts';
import { Incomparable } from '../harness/report/comparison/comparability.ts';
import { watchOutput } from './output.ts';

/** The exit codes that every command shares. */
export const EXIT = { done: 0, error: 1, nothingToCompare: 2, regression: 3, interrupted: 130 } as const;

/** The output of a command, and the signal that stops it. */
export interface Io {
  /** Aborted with {@link Interrupted} when the user stops the command. */
  readonly signal: AbortSignal;
  /** Writes text to standard output unchanged. */
  write(text: string): void;
  /** Writes a line to standard output. */
  print(line: string): void;
  /** Writes a line to standard error. */
  warn(line: string): void;
}

/**
 * A command.
 *
 * @param argv its arguments, without the names of Node and of the program
 * @returns its exit code
 * @throws errors that {@link call} turns into a sentence and an exit code
 */
export type Main = (argv: readonly string[], io: Io) => Promise<number>;

/** A signal stopped the command. */
export class Interrupted extends Error {}

/**
 * Creates a command.
 *
 * @param name as in `bench`
 */
export function createCommand(name: string) {
  return new Command(usageText(name))
    .showSuggestionAfterError(false)
    .option('--project <dir>', 'the folder of the project (default: the nearest project from here upward)');
}

/** `bench` of a command whose help begins with `npm run bench --` or `npx overlap-bench bench`. */
function shortName(command: CommandUnknownOpts): string {
  return command.name().replace(/ --$/, '').split(' ').at(-1)!;
}

/**
 * Reads a command line: first the command's arguments in the project's config, then the given ones.
 *
 * @param command made by {@link createCommand}
 * @returns the project
 * @throws ConfigError if the project cannot be opened; CommanderError if an argument is wrong, or asks for help
 */
export async function readCommandLine(
  command: CommandUnknownOpts,
  argv: readonly string[],
  io: Io,
): Promise<Project> {
  command.exitOverride().configureOutput({ writeOut: io.write, writeErr: (text) => io.warn(text.trimEnd()) });
  const asksForHelp = argv.some((argument) => argument === '--help' || argument === '-h');
  const project = asksForHelp ? null : await openProject(projectIn(argv));
  command.parse([...(project?.arguments[shortName(command)] ?? []), ...argv], { from: 'user' });
  return project ?? openProject(projectIn(argv));
}

function projectIn(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--project');
  const joined = argv.find((argument) => argument.startsWith('--project='));
  return joined === undefined ? (at === -1 ? undefined : argv[at + 1]) : joined.slice('--project='.length);
}

/** Warns about a file of an experiment that cannot be used; reports then take the words of its record. */
export function warnOfBroken({ warn }: Pick<Io, 'warn'>): (error: Error) => void {
  return ({ message }) => warn(`Warning: ${message}`);
}

/** Runs a command to its end. An error becomes one sentence, with its stack if DEBUG is set. */
export async function call(main: Main, argv: readonly string[], io: Io): Promise<number> {
  try {
    return await main(argv, io);
  } catch (error) {
    // Commander has already printed the reason.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.error;
    io.warn(error instanceof Error ? error.message : String(error));
    if (process.env.DEBUG) console.error(error);
    return exitCodeOf(error);
  }
}

/** A signal that comes again within this time is the same one. */
const SAME_SIGNAL_MS = 1000;

/**
 * Runs a command as this process, which ends with its exit code. Ctrl-C, SIGTERM and SIGHUP abort its signal; a second
 * signal ends the process at once.
 */
export async function runCommand(main: Main): Promise<void> {
  const interruption = new AbortController();
  let firstMs = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => {
      // One Ctrl-C may come twice: to the process group, and again from npm.
      if (interruption.signal.aborted && performance.now() - firstMs > SAME_SIGNAL_MS)
        process.exit(EXIT.interrupted);
      if (interruption.signal.aborted) return;
      firstMs = performance.now();
      interruption.abort(new Interrupted('Interrupted.'));
    });
  watchOutput();
  process.on('uncaughtException', endByStray);
  const write = process.stdout.write.bind(process.stdout);
  // Standard output is the command's: what a module of the user prints goes to standard error.
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.exitCode = await call(main, process.argv.slice(2), {
    signal: interruption.signal,
    write: (text) => void write(text),
    print: (line) => void write(`${line}\n`),
    warn: (line) => console.error(line),
  });
  leaveSoon();
}

/** Ends this process after an error outside of the command's own work, such as that of a module of the user. */
function endByStray(error: unknown): void {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const place = error instanceof Error ? placeOfError(error) : undefined;
  const where = place === undefined ? '' : ` (${pathForPeople(place.file)}:${place.line})`;
  console.error(`An error that no code caught: ${message.replace(/\.$/, '')}${where}.`);
  if (process.env.DEBUG) console.error(error);
  process.exit(EXIT.error);
}

/** The time that a command has to end by itself after its work. */
const ENDING_MS = 500;

/** Ends this process even if a module that the user wrote keeps it, for example by a timer. */
function leaveSoon(): void {
  setTimeout(() => {
    if (process.stdout.writableLength + process.stderr.writableLength > 0) leaveSoon();
    else process.exit();
  }, ENDING_MS).unref();
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  return error instanceof Incomparable ? EXIT.nothingToCompare : EXIT.error;
}

/** Parses an option that takes a whole number within limits. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return number;
  };
}

/** Parses an option that takes a share such as 0.05. */
export function share(text: string): number {
  const number = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || !(number > 0 && number < 1))
    throw new InvalidArgumentError('It must be a share above 0 and below 1, as 0.05 for 5 %.');
  return number;
}
