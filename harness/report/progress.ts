import ora from 'ora';
import type { Progress } from '../model/experiment.ts';

/** One line with the progress of a task. */
export interface StatusLine {
  /**
   * @param line is shown until the next call; plain output prints it once
   * @param detail changes more often: only a terminal shows it
   * @param leftMs the remaining time
   */
  show(line: string, detail: string, leftMs: number): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** Shows the progress of a run. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** The update interval of the line; long enough not to slow measured processes. */
const FRAME_INTERVAL_MS = 500;

/**
 * On a terminal a line that updates, elsewhere a plain line after each change.
 *
 * @param word the word before the remaining time: `about`, or `at most`
 * @param stream where to show it; standard error keeps standard output for tables
 */
export function createStatusLine(
  word: 'about' | 'at most',
  stream: NodeJS.WriteStream = process.stderr,
): StatusLine {
  return stream.isTTY ? createSpinner(word, stream) : createPlainLines(word, stream);
}

/** Shows the progress of a run: the experiment, its round, and on a terminal the variant. */
export function createProgressDisplay(stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  const line = createStatusLine('about', stream);
  return {
    show: ({ experiment, round, rounds, warmUp, variant, leftMs }) =>
      line.show(
        warmUp ? `${experiment}: warm-up` : `${experiment}: round ${round} of ${rounds}`,
        variant,
        leftMs,
      ),
    stop: line.stop,
  };
}

function createSpinner(word: string, stream: NodeJS.WriteStream): StatusLine {
  const spinner = ora({
    stream,
    spinner: { frames: ['|', '/', '-', '\\'], interval: FRAME_INTERVAL_MS },
    color: process.env.NO_COLOR ? false : 'cyan',
    discardStdin: false,
    hideCursor: false,
  });
  let endsAtMs = 0;
  let text = '';
  const refresh = () => {
    spinner.text = `${text}, ${formatLeft(endsAtMs - performance.now(), word)}`;
  };
  const ticking = setInterval(refresh, 1000);
  return {
    show(line, detail, leftMs) {
      endsAtMs = performance.now() + leftMs;
      text = `${line}, ${detail}`;
      refresh();
      if (!spinner.isSpinning) spinner.start();
    },
    stop() {
      clearInterval(ticking);
      spinner.stop();
    },
  };
}

function createPlainLines(word: string, stream: NodeJS.WriteStream): StatusLine {
  let last = '';
  return {
    show(line, _detail, leftMs) {
      if (line !== last) stream.write(`${line}, ${formatLeft(leftMs, word)}\n`);
      last = line;
    },
    stop() {},
  };
}

/** `about 12 s left`, `at most 3 min left`. */
export function formatLeft(leftMs: number, word = 'about'): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return seconds < 100 ? `${word} ${seconds} s left` : `${word} ${Math.ceil(seconds / 60)} min left`;
}
