import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/**
 * What is to be put away should this process be killed: a folder, which may be a checkout that the git of a project knows, or
 * a process by its id, a whole group by `-id`.
 */
export type Leftover =
  | { readonly folder: string; readonly checkoutOf?: string | undefined }
  | { readonly process: number };

export interface LeftoverMessage {
  readonly done: boolean;
  readonly what: Leftover;
}

const JANITOR = join(import.meta.dirname, 'janitor.ts');
let janitor: ChildProcess | undefined;

/**
 * Has something put away by another process, should this one end before it says that it is {@link putAway}. Nobody else
 * can do so after SIGKILL.
 */
export function remember(what: Leftover): void {
  janitor ??= startJanitor();
  tell({ done: false, what });
}

/** What was remembered is gone, or is somebody else's by now. */
export function putAway(what: Leftover): void {
  tell({ done: true, what });
}

function tell(message: LeftoverMessage): void {
  // Where there is no janitor any more, this process puts away all that it can.
  if (janitor?.connected) janitor.send(message, () => {});
}

function startJanitor(): ChildProcess {
  // In a process group of its own, which no Ctrl-C and no kill of ours reaches.
  const child = fork(JANITOR, {
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
  });
  child.on('error', () => {});
  child.unref();
  child.channel?.unref();
  return child;
}
