import type { ServerResponse } from 'node:http';
import { type Choices, inFlightLimit } from './choices.ts';
import type { RunEvent } from './events.ts';
import { serialEstimateMs } from './latencies.ts';
import { playRun } from './play-run.ts';

/** Who watches may come back so soon, as when a page is loaded anew, before a run that nobody sees is stopped. */
const GRACE_MS = 2000;
/** A page that reads nothing is let go when so much waits for it; it connects again when it wakes. */
const MAX_UNREAD_BYTES = 4_000_000;

/** The runs of one app, one at a time, and those who watch them. */
export interface Session {
  /** Starts a run; false where one is under way, or all is over. */
  start(choices: Choices): boolean;
  /** Stops the run, if there is one; resolves when its processes are gone. */
  stop(reason: string): Promise<void>;
  /** Lets a page watch: it gets all of the run so far, then what happens. */
  watch(response: ServerResponse): void;
  /** Stops the run and sends all pages away. */
  close(): Promise<void>;
}

interface CurrentRun {
  readonly stopping: AbortController;
  readonly over: Promise<void>;
}

/** @param graceMs how long a run goes on when nobody watches */
export function createSession(graceMs = GRACE_MS): Session {
  const watchers = new Set<ServerResponse>();
  /** All that happened in the current run, or in the last one. */
  let told: RunEvent[] = [];
  let current: CurrentRun | null = null;
  let alone: NodeJS.Timeout | undefined;
  let closed = false;

  const tell = (events: readonly RunEvent[]) => {
    told.push(...events);
    for (const watcher of watchers) write(watcher, events);
  };
  const stop = async (reason: string) => {
    current?.stopping.abort(new Error(reason));
    await current?.over;
  };
  const lookForWatchers = () => {
    clearTimeout(alone);
    if (watchers.size > 0 || current === null) return;
    alone = setTimeout(() => void stop('Stopped: nobody was watching any more.'), graceMs);
  };
  const run = async (choices: Choices, signal: AbortSignal) => {
    try {
      const outcome = await playRun(choices, { tell, signal });
      tell([{ type: 'done', outcome }]);
    } catch (error) {
      tell([{ type: 'stopped', reason: (error as Error).message }]);
    } finally {
      current = null;
      clearTimeout(alone);
    }
  };

  return {
    stop,
    start(choices) {
      if (current !== null || closed) return false;
      told = [];
      tell([
        {
          type: 'preparing',
          choices,
          limit: inFlightLimit(choices),
          serialMs: serialEstimateMs(choices),
        },
      ]);
      const stopping = new AbortController();
      current = { stopping, over: run(choices, stopping.signal) };
      lookForWatchers();
      return true;
    },
    watch(response) {
      watchers.add(response);
      response.once('close', () => {
        watchers.delete(response);
        lookForWatchers();
      });
      lookForWatchers();
      write(response, told);
    },
    async close() {
      // A page may still ask over a connection that it has.
      closed = true;
      await stop('Stopped: npm run play was ended.');
      for (const watcher of watchers) watcher.end();
    },
  };
}

/** One message of server-sent events. */
function write(watcher: ServerResponse, events: readonly RunEvent[]): void {
  if (watcher.writableLength > MAX_UNREAD_BYTES) watcher.destroy();
  else watcher.write(`data: ${JSON.stringify(events)}\n\n`);
}
