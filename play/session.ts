import type { ServerResponse } from 'node:http';
import { commandText } from '../harness/installation.ts';
import { type Choices, inFlightLimit } from './choices.ts';
import type { RunEvent } from './events.ts';
import { serialEstimateMs } from './latencies.ts';
import { playRun } from './play-run.ts';

/** An unwatched run is stopped after this time, which is enough for a page to reload. */
const GRACE_MS = 2000;
/** A page with more unread data is disconnected; it connects again when it wakes. */
const MAX_UNREAD_BYTES = 4_000_000;

/** The runs of one app, one at a time, and the pages that watch them. */
export interface Session {
  /** Starts a run; false if another run is active or the session is closed. */
  start(choices: Choices): boolean;
  /** Stops the run, if there is one; resolves when its processes have ended. */
  stop(reason: string): Promise<void>;
  /** Lets a page watch: it gets all events of the run so far, then new ones. */
  watch(response: ServerResponse): void;
  /** Stops the run and disconnects all pages. */
  close(): Promise<void>;
}

interface CurrentRun {
  readonly stopping: AbortController;
  readonly over: Promise<void>;
}

/** @param graceMs how long a run continues without a watching page */
export function createSession(graceMs = GRACE_MS): Session {
  const watchers = new Set<ServerResponse>();
  /** All events of the current run, or of the last one. */
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
    alone = setTimeout(() => void stop('Stopped: no page was watching any more.'), graceMs);
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
      // A page may still send requests over an open connection.
      closed = true;
      await stop(`Stopped: ${commandText('play')} was ended.`);
      for (const watcher of watchers) watcher.end();
    },
  };
}

/** One message of server-sent events. */
function write(watcher: ServerResponse, events: readonly RunEvent[]): void {
  if (watcher.writableLength > MAX_UNREAD_BYTES) watcher.destroy();
  else watcher.write(`data: ${JSON.stringify(events)}\n\n`);
}
