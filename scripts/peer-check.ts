import { checkPeer } from '../harness/measure/peer-check/check-peer.ts';
import { findTargetKinds } from '../harness/measure/process/target-kinds.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand, wholeNumber } from './command.ts';

const define = () =>
  createCommand('peer-check')
    .description('Checks a peer in any language against docs/peer-protocol.md.')
    .argument('<command...>', 'the command that starts the peer, with its arguments, as python3 my_peer.py')
    .option('--limit <seconds>', 'the time limit for each answer, and for its end', wholeNumber(1, 3600), 30)
    .option('--only <text>', 'run only the checks whose names contain this')
    // Options after the command belong to the command.
    .passThroughOptions();

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const { signal } = io;
  const [program = '', ...args] = command.args;
  const { limit, only = '' } = command.opts();
  const options = {
    limitMs: limit * 1000,
    signal,
    kind: await findTargetKinds(project.targets).load('latency'),
    wanted: (check: string) => check.includes(only),
  };
  let [checks, broken] = [0, 0];
  for await (const { name, detail, rule } of checkPeer({ command: program, args }, options)) {
    checks += 1;
    if (rule === null) io.print(`ok     ${name}${detail === '' ? '' : `: ${detail}`}`);
    else {
      broken += 1;
      io.print(`wrong  ${name}: ${detail} The document says: ${rule}`);
    }
  }
  io.print(
    broken === 0
      ? `All ${checks} checks hold.`
      : `${broken} of ${checks} checks ${broken === 1 ? 'fails' : 'fail'}; docs/peer-protocol.md has the rules.`,
  );
  return broken === 0 ? EXIT.done : EXIT.error;
};

if (import.meta.main) await runCommand(main);
