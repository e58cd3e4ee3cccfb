/** `bench --on-request`: one run after another in this process, as messages of its parent ask, for `compare --base`. */
import type { FromBench, ToBench } from '../harness/measure/checkout/standing-bench.ts';
import { call, EXIT, Interrupted, type Io, type Main } from './command.ts';

const say = (message: FromBench) => process.send?.(message);

const OPTION = '--on-request';

/**
 * Runs bench as often as the parent process asks. What a run prints goes back to the parent.
 *
 * @param main the command
 * @param argv its arguments now; each run has the others of them, too
 * @returns the exit code, once the parent is gone or wants no more runs, or a signal stops this process
 * @throws one sentence if this process has no parent that could ask
 */
export async function runOnRequest(main: Main, argv: readonly string[], { signal }: Io): Promise<number> {
  if (process.send === undefined)
    throw new Error(`${OPTION} takes its runs from compare --base, which starts it; leave the option out.`);
  const own = argv.filter((argument) => argument !== OPTION);
  const left = new AbortController();
  const stopped = AbortSignal.any([signal, left.signal]);
  const leave = () => left.abort(new Interrupted('The parent process left.'));
  process.once('disconnect', leave);
  const ended = new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve()));
  let running: Promise<void> = Promise.resolve();
  process.on('message', (message: ToBench) => {
    if (message.type === 'leave') leave();
    else running = running.then(() => runOnce(main, own, message, stopped));
  });
  say({ type: 'ready' });
  await ended;
  // A run puts its processes away first.
  await running;
  if (process.connected) process.disconnect();
  return signal.aborted ? EXIT.interrupted : EXIT.done;
}

async function runOnce(
  main: Main,
  own: readonly string[],
  { args, variables }: Extract<ToBench, { type: 'run' }>,
  signal: AbortSignal,
): Promise<void> {
  Object.assign(process.env, variables);
  let stderr = '';
  const warn = (line: string) => {
    stderr += `${line}\n`;
  };
  const exitCode = await call(main, [...own, ...args], { signal, write: () => {}, print: () => {}, warn });
  if (process.connected) say({ type: 'ended', exitCode, stderr });
}
