/** A parent that a check can kill: it starts a peer by its own arguments and forwards lines in both directions. */
import { spawn } from 'node:child_process';

const [command = '', ...args] = process.argv.slice(2);
// The peer inherits standard error, so a check that waits for this process also waits for the peer.
const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
child.on('error', ({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
child.stdin.on('error', () => {});
process.stdin.pipe(child.stdin);
child.stdout.pipe(process.stdout);
