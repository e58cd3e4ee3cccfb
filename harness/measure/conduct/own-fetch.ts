/**
 * Keeps Node's fetch on Node's own agent. The installed undici registers its agent when it is first imported: if Node has
 * none yet, and instead of that of a Node with an older undici inside (22). Import this file first.
 */
const PLACE = Symbol.for('undici.globalDispatcher.1');

// Node creates its agent on first use.
void globalThis.Response;
const own: unknown = Reflect.get(globalThis, PLACE);
await import('undici');
Reflect.set(globalThis, PLACE, own);
