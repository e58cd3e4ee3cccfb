/**
 * The target's process. It is forked, says on which port it listens, and ends when its parent goes away,
 * however that goes: the channel between them then closes.
 */
import { startServer } from './server.ts';

process.once('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => {});

const server = await startServer();
process.send?.({ type: 'ready', origin: server.origin });
