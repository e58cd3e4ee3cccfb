/**
 * The relay's process. It is forked with its options as one JSON argument and sends its address. When its parent ends in
 * any way, the IPC channel closes and this process ends.
 */
import { startRelay } from './relay.ts';

process.once('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => {});

try {
  const { origin } = await startRelay(JSON.parse(process.argv[2] ?? '{}'));
  process.send?.({ type: 'ready', origin, certificate: null });
} catch (error) {
  console.error(`Error: ${(error as Error).message}`);
  process.exit(1);
}
