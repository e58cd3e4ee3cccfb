import { fstatSync, writeSync } from 'node:fs';

/** A stream of this process that people or files read. */
type Output = NodeJS.WriteStream & { readonly fd: 1 | 2 };

/**
 * Makes this process fail if its output is incomplete: with one sentence on standard error and exit code 1 instead of 0.
 * A reader that closes the pipe early, such as `head`, is not an error.
 */
export function watchOutput(): void {
  let failed = false;
  for (const output of [process.stdout, process.stderr] as Output[]) {
    if (isFile(output.fd)) writeWholly(output);
    const look = (error: Error | null) => {
      if (failed || error === null || (error as NodeJS.ErrnoException).code === 'EPIPE') return;
      failed = true;
      if (output.fd === 1)
        console.error(`Standard output cannot be written: ${error.message}; redirect it elsewhere.`);
    };
    output.on('error', look);
    // After process.exit() there is no time for an error event.
    process.on('exit', () => look(output.errored));
  }
  process.on('exit', (code) => {
    if (failed && code === 0) process.exitCode = 1;
  });
}

function isFile(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

/** Writes in a loop: on a full disk the system may write a part only, and Node ignores the rest. */
function writeWholly(output: Output): void {
  output._write = (chunk: Uint8Array | string, encoding, done) => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    try {
      for (let written = 0; written < bytes.length; )
        written += writeSync(output.fd, bytes, written, bytes.length - written);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
}
