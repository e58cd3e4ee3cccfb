/** The commands of the npm package: `overlap-bench NAME …` runs the command of that name. */
import { Command } from '@commander-js/extra-typings';
import { usageText } from '../harness/installation.ts';
import { VERSION } from '../server/latency/version.ts';
import { EXIT, type Io, type Main } from './command.ts';

interface Entry {
  /** What it does, in a few words. */
  readonly says: string;
  load(): Promise<{ readonly main: Main }>;
}

/** Each command is imported when it runs. The order is that of the help. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  init: { says: 'write a benchmark, a config and a workflow', load: () => import('./init.ts') },
  bench: { says: 'measure experiments', load: () => import('./bench.ts') },
  compare: { says: 'compare two runs, or two states of the code', load: () => import('./compare.ts') },
  tune: { says: 'search for the number of jobs to have in flight', load: () => import('./tune.ts') },
  report: { says: 'open the page of a run in the browser', load: () => import('./report.ts') },
  charts: { says: 'draw the tables, pictures and page of a run again', load: () => import('./charts.ts') },
  export: { says: 'write a run in the format of another tool', load: () => import('./export.ts') },
  merge: { says: 'join the shards of a run', load: () => import('./merge.ts') },
  history: { says: 'keep runs over commits, and say what changed', load: () => import('./history.ts') },
  serve: { says: 'run the latency server', load: () => import('./serve.ts') },
  play: { says: 'watch strategies at work in the browser', load: () => import('./play.ts') },
  peers: { says: 'list and install programs in other runtimes', load: () => import('./peers.ts') },
  'peer-check': { says: 'check a peer in another language', load: () => import('./peer-check.ts') },
};

/** Runs the command that the first argument names; without one it lists the commands. @throws if there is no such command */
export const main: Main = async ([name, ...argv], io) => {
  if (name === undefined || name === '--help' || name === '-h') return help(io);
  if (name === '--version') {
    io.print(VERSION);
    return EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined)
    throw new Error(`There is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}.`);
  const { main } = await command.load();
  return main(argv, io);
};

function help(io: Io): number {
  const usage = usageText('NAME', true);
  const program = new Command(usage).usage('[options]').helpOption(false).helpCommand(false);
  for (const [name, { says }] of Object.entries(COMMANDS)) program.command(name).description(says);
  io.write(`${program.helpInformation()}\n${usage} --help lists the options of a command.\n`);
  return EXIT.done;
}
