/**
 * Ends this process with SIGTERM when the npm that started it as a script is gone. npm passes signals on to its shell only,
 * and none if it is killed. A process that npm did not start (by hand, a service, process 1) continues.
 */
import { readFileSync } from 'node:fs';
import { normalize, sep } from 'node:path';

/** The interval of the check; long enough to cost nothing. */
const INTERVAL_MS = 500;

const { npm_lifecycle_script: script } = process.env;
if (script !== undefined && isThisProgram(script)) endWithNpm(script);

/** Polls for the end of npm. On Windows a process cannot notice its parent's end. */
function endWithNpm(script: string): void {
  const { ppid } = process;
  // Some shells replace themselves with the command, and then npm is the parent.
  const npm = isShellOf(ppid, script) ? parentOf(ppid) : null;
  const timer = setInterval(() => {
    if (process.ppid === ppid && (npm === null || parentOf(ppid) === npm)) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, INTERVAL_MS);
  timer.unref();
}

/** Whether npm started this program, and not one that then started it with the same environment. */
function isThisProgram(script: string): boolean {
  const [, program = ''] = process.argv;
  // npx puts the program's name in quotes.
  const words = script.split(/\s+/).map((word) => word.replaceAll(/^['"]|['"]$/g, ''));
  return words.some((word) => word !== '' && program.endsWith(sep + normalize(word)));
}

/** Whether a process is a shell that runs a script of npm. */
function isShellOf(id: number, script: string): boolean {
  return (
    processFile(id, 'cmdline')
      ?.split('\0')
      .some((argument) => argument.startsWith(script)) ?? false
  );
}

/** The id of a process's parent; null if the process is gone or the id is unknown. */
function parentOf(id: number): number | null {
  // The second field is a name in brackets, which may contain blanks and brackets.
  const fields = processFile(id, 'stat')?.split(')').at(-1)?.trim().split(' ');
  return fields === undefined ? null : Number(fields[1]);
}

/** A file in /proc of a process; null on other systems, and if the process does not exist. */
function processFile(id: number, name: 'cmdline' | 'stat'): string | null {
  try {
    return readFileSync(`/proc/${id}/${name}`, 'utf8');
  } catch {
    return null;
  }
}
