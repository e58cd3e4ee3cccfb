import { fstatSync, writeSync } from 'node:fs';

/** A stream of this process that people or files read. */
type Output = NodeJS.WriteStream & { readonly fd: 1 | 2 };

/**
 * Makes sure that what this process prints is there as a whole, or else that it fails: with one sentence on standard
 * error and exit code 1, where it would have been 0. A reader such as `head` that has seen enough is no error of ours.
 */
export function watchOutput(): void {
  let failed = false;
  for (const output of [process.stdout, process.stderr] as Output[]) {
    if (isFile(output.fd)) writeWholly(output);
    const look = (error: Error | null) => {
      if (failed || error === null || (error as NodeJS.ErrnoException).code === 'EPIPE') return;
      failed = true;
      if (output.fd === 1)
        console.error(`Standard output cannot be written: ${error.message}; send it to another place.`);
    };
    output.on('error', look);
    // Whoever calls process.exit() leaves no time for an error to be told as an event.
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

/** Node takes a file for written when the system has taken a part of it, as it does where a disk becomes full. */
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
