/**
 * The target's process. It is forked with its options as one JSON argument and sends its address. When its parent ends in
 * any way, the IPC channel closes and this process ends.
 */
import module from 'node:module';
import { startServer } from './server.ts';

process.once('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => {});

const { origin, certificate, warnings } = await startServer(JSON.parse(process.argv[2] ?? '{}'));
process.send?.({ type: 'ready', origin, certificate, warnings });
// Node writes its compile cache at the end, which a process that is killed does not have.
module.flushCompileCache();
