import ora from 'ora';
import type { Progress } from '../model/experiment.ts';

/** Tells a person how far a run is. */
export interface ProgressDisplay {
  show(progress: Progress): void;
  /** Leaves the terminal as it was. */
  stop(): void;
}

/** Slow enough to cost the measured processes nothing, and it still moves. */
const FRAME_INTERVAL_MS = 500;

/**
 * On a terminal one line that moves, elsewhere a plain line for each round.
 *
 * @param stream where to show it; standard error keeps standard output for tables
 */
export function createProgressDisplay(stream: NodeJS.WriteStream = process.stderr): ProgressDisplay {
  return stream.isTTY ? createSpinner(stream) : createPlainLines(stream);
}

function createSpinner(stream: NodeJS.WriteStream): ProgressDisplay {
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
    spinner.text = `${text}, ${formatLeft(endsAtMs - performance.now())}`;
  };
  const ticking = setInterval(refresh, 1000);
  return {
    show(progress) {
      endsAtMs = performance.now() + progress.leftMs;
      text = `${describe(progress)}, ${progress.variant}`;
      refresh();
      if (!spinner.isSpinning) spinner.start();
    },
    stop() {
      clearInterval(ticking);
      spinner.stop();
    },
  };
}

function createPlainLines(stream: NodeJS.WriteStream): ProgressDisplay {
  let last = '';
  return {
    show(progress) {
      const line = describe(progress);
      if (line !== last) stream.write(`${line}, ${formatLeft(progress.leftMs)}\n`);
      last = line;
    },
    stop() {},
  };
}

function describe({ experiment, round, rounds, warmUp }: Progress): string {
  return warmUp ? `${experiment}: warm-up` : `${experiment}: round ${round} of ${rounds}`;
}

/** `about 12 s left`, `about 3 min left`. */
export function formatLeft(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  return seconds < 100 ? `about ${seconds} s left` : `about ${Math.ceil(seconds / 60)} min left`;
}
