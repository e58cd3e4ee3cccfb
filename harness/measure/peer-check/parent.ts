/** A parent of a peer that a check can kill: starts the command of its arguments and hands lines on, both ways. */
import { spawn } from 'node:child_process';

const [command = '', ...args] = process.argv.slice(2);
// Whoever waits for this process waits for the peer, too, as long as that holds standard error.
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
child.on('error', ({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
child.stdin.on('error', () => {});
process.stdin.pipe(child.stdin);
child.stdout.pipe(process.stdout);
