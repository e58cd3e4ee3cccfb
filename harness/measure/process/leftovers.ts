import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/**
 * A folder to remove or a process to end if this process is killed. A folder can be a worktree that a project's git
 * knows; a negative process id means the whole group.
 */
export type Leftover =
  | { readonly folder: string; readonly worktreeOf?: string | undefined }
  | { readonly process: number };

export interface LeftoverMessage {
  readonly done: boolean;
  readonly what: Leftover;
}

const JANITOR = join(import.meta.dirname, 'janitor.ts');
let janitor: ChildProcess | undefined;

/**
 * Registers a leftover with the janitor process, which removes it if this process ends before {@link putAway}. After
 * SIGKILL this process cannot clean up by itself.
 */
export function remember(what: Leftover): void {
  janitor ??= startJanitor();
  tell({ done: false, what });
}

/** Unregisters a leftover that is gone, or that another process now manages. */
export function putAway(what: Leftover): void {
  tell({ done: true, what });
}

function tell(message: LeftoverMessage): void {
  // Without a janitor, this process cleans up by itself as far as it can.
  if (janitor?.connected) janitor.send(message, () => {});
}

function startJanitor(): ChildProcess {
  // In a separate process group, so that neither Ctrl-C nor a kill of our group ends it.
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
