/** What keeps this process from ending by itself: timers, connections and the like. */
import { setTimeout as wait } from 'node:timers/promises';

/** Kinds of resources as people call them. Others are called as Node calls them. */
const KINDS: Readonly<Record<string, string>> = {
  Timeout: 'timer',
  TCPSocketWrap: 'connection',
  TLSWrap: 'connection',
  TCPServerWrap: 'listening socket',
  PipeWrap: 'pipe',
  ProcessWrap: 'child program',
  FSEventWrap: 'file watcher',
  StatWatcher: 'file watcher',
  MessagePort: 'worker thread',
  UDPWrap: 'UDP socket',
};
/** Resources that end by themselves. */
const PASSING = /^(Immediate|TickObject|FSReq|GetAddrInfo|TCPConnectWrap|WriteWrap|ShutdownWrap)/;
/** How often and how long connections that close now are waited for. */
const LOOKS = 10;
const LOOK_MS = 20;

/** Tells what is open that was not when it was made. */
export type LeftOpen = () => Promise<Readonly<Record<string, number>>>;

/** Starts to watch: what is open now does not count. */
export function watchLeftOpen(): LeftOpen {
  const before = countKinds();
  const more = () =>
    Object.fromEntries(
      [...countKinds()].flatMap(([kind, count]) => {
        const added = count - (before.get(kind) ?? 0);
        return added > 0 ? [[kind, added]] : [];
      }),
    );
  return async () => {
    for (let look = 1; look < LOOKS && Object.keys(more()).length > 0; look++) await wait(LOOK_MS);
    return more();
  };
}

function countKinds(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const resource of process.getActiveResourcesInfo()) {
    if (PASSING.test(resource)) continue;
    const kind = KINDS[resource] ?? resource;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
