import { readFileSync } from 'node:fs';

/**
 * The most resident memory that a process had since it started, in bytes, as Linux tells it.
 *
 * @returns undefined on other systems, and if the process has ended
 */
export function peakMemoryBytes(pid: number): number | undefined {
  try {
    // The highest of this program alone: the figure of getrusage begins with that of the parent.
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
