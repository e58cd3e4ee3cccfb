/**
 * Keeps Node's fetch on the agent that Node makes for it. The undici that is installed puts its own there when it is
 * imported, unless Node's is there already; and that is made when something first needs it. To be imported first.
 */
void globalThis.Response;
