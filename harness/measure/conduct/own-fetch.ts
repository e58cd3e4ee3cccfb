/**
 * Keeps Node's fetch on the agent that Node makes for it. The undici that is installed puts its own there when it is first
 * imported: where Node's is not there yet, and over that of a Node with an older undici inside (22). To be imported first.
 */
const PLACE = Symbol.for('undici.globalDispatcher.1');

// Node makes its agent when something first needs it.
void globalThis.Response;
const own: unknown = Reflect.get(globalThis, PLACE);
await import('undici');
Reflect.set(globalThis, PLACE, own);
