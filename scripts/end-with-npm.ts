/**
 * Ends this process, as SIGTERM does, when the npm is gone that started it as one of its scripts: npm passes signals on to
 * its shell alone, and nothing where it is killed. What npm did not start itself (by hand, a service, process 1) goes on.
 */
import { readFileSync } from 'node:fs';
import { normalize, sep } from 'node:path';

/** How often to look; rare enough to cost nothing. */
const INTERVAL_MS = 500;

const { npm_lifecycle_script: script } = process.env;
if (script !== undefined && isThisProgram(script)) endWithNpm(script);

/** On Windows a process never learns of its parent's end. */
function endWithNpm(script: string): void {
  const { ppid } = process;
  // Some shells make way for the command, and then npm itself is the parent.
  const npm = isShellOf(ppid, script) ? parentOf(ppid) : null;
  const timer = setInterval(() => {
    if (process.ppid === ppid && (npm === null || parentOf(ppid) === npm)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, INTERVAL_MS);
  timer.unref();
}

/** What npm started may have started us, with the same environment. */
function isThisProgram(script: string): boolean {
  const [, program = ''] = process.argv;
  return script.split(/\s+/).some((word) => word !== '' && program.endsWith(sep + normalize(word)));
}

/** Whether a process is a shell that runs a script of npm. */
function isShellOf(id: number, script: string): boolean {
  return (
    processFile(id, 'cmdline')
      ?.split('\0')
      .some((argument) => argument.startsWith(script)) ?? false
  );
}

/** The id of a process's parent; null where it is gone, or nothing tells. */
function parentOf(id: number): number | null {
  // Its second field is a name in brackets, which may have blanks and brackets itself.
  const fields = processFile(id, 'stat')?.split(')').at(-1)?.trim().split(' ');
  return fields === undefined ? null : Number(fields[1]);
}

/** What Linux tells of a process; null elsewhere, and where there is no such process. */
function processFile(id: number, name: 'cmdline' | 'stat'): string | null {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'utf8');
  } catch {
    return null;
  }
}
