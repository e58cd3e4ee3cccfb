import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { commandText } from '../harness/installation.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand, wholeNumber } from './command.ts';

const define = () =>
  createCommand('tune')
    .description(
      'Searches for the number of jobs that should be in flight at once: of an address, a function or a database.',
    )
    .argument('<what>', 'http://…, postgresql://… (with --query), or the path of a module (see below)')
    .option('--max <n>', 'the most jobs at once (default: 256)', wholeNumber(1, 10_000))
    .option(
      '--requests <n>',
      'the most requests (default: 10000 on this machine, 2000 elsewhere)',
      wholeNumber(1, 10_000_000),
    )
    .option('--seconds <n>', 'the most time (default: 60)', wholeNumber(1, 86_400))
    .option('--job-limit <ms>', 'a job that takes longer has failed', wholeNumber(1, 3_600_000), 10_000)
    .option('--yes', 'allow requests to another machine; needs --requests or --seconds')
    .option('--arrivals', 'then offer 80 and 100 % of the throughput as a Poisson stream (open loop)')
    .option(
      '--seed <n>',
      'sets the order of rounds and the stream (default: random)',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option('--json', 'print the answer alone, as JSON')
    .option('--out <dir>', 'the directory for tune.json, the picture and the page (default: results/tune)')
    .addOption(
      new Option('--report <when>', 'on writes a picture and a page; off writes the record only')
        .choices(['on', 'off'])
        .default('on')
        .env('OVERLAP_REPORT'),
    )
    .optionsGroup('With an address:')
    .option('--method <name>', 'the method of the requests (default: GET)', method)
    .option('--header <text>', "a header, as 'name: value'; can be repeated", header)
    .option('--body <text>', 'the body of each request')
    .optionsGroup('With a database:')
    .option('--query <sql>', 'the query that is one job')
    .addHelpText(
      'after',
      `
A module exports a function by default: export default async (job, { signal }) => …
It may also export: jobs (a list, or a function that returns one), setup(), teardown(), and classify(value), which
returns ok, failed or refused for the result or the error of a job.

Example: ${commandText('tune', 'http://127.0.0.1:8000/delay/50')}`,
    );

/** The options of `tune` as its command line gives them. */
export type TuneOptions = ReturnType<ReturnType<typeof define>['opts']>;

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const { tune } = await import('./run-tune-command.ts');
  const [what] = command.args;
  await tune(project, what!, command.opts(), io);
  return io.signal.aborted ? EXIT.interrupted : EXIT.done;
};

/** Parses the name of a method. */
function method(text: string): string {
  if (!/^[A-Z]+$/i.test(text)) throw new InvalidArgumentError('It must be the name of a method, as POST.');
  return text.toUpperCase();
}

/** Parses a header, and adds it to those given before. */
function header(text: string, others: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("It must be a name and a value, as 'accept: text/html'.");
  return { ...others, [name.toLowerCase()]: value };
}

if (import.meta.main) await runCommand(main);
