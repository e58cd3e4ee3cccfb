import { checkPeer } from '../harness/measure/peer-check/check-peer.ts';
import { findTargetKinds } from '../harness/measure/process/target-kinds.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand, wholeNumber } from './command.ts';

const define = () =>
  createCommand('peer-check')
    .description('Holds a peer, in any language, against docs/peer-protocol.md.')
    .argument('<command...>', 'what starts the peer, with its arguments, as python3 my_peer.py')
    .option('--limit <seconds>', 'how long it may take to answer, and to end', wholeNumber(1, 3600), 30)
    .option('--only <text>', 'only the checks whose name contains this')
    // What follows the command is its own.
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
      : `${broken} of ${checks} checks ${broken === 1 ? 'does' : 'do'} not hold; docs/peer-protocol.md says what a peer does.`,
  );
  return broken === 0 ? EXIT.done : EXIT.error;
};

if (import.meta.main) await runCommand(main);
