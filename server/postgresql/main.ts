/**
 * A PostgreSQL as the target. This process is forked with its options as one JSON argument and sends the database's
 * address. It cleans up and ends when its parent sends any message or ends, which closes the IPC channel.
 */
import { startPostgresql } from './database.ts';

const leaving = new Promise<void>((resolve) => {
  for (const event of ['message', 'disconnect', 'SIGINT', 'SIGTERM'] as const)
    process.once(event, () => resolve());
});

try {
  const database = await startPostgresql(JSON.parse(process.argv[2] ?? '{}'));
  const { url, version, given } = database;
  if (process.connected) process.send?.({ type: 'ready', origin: url, certificate: null, version, given });
  const died = await Promise.race([leaving.then(() => false), database.died.then(() => true)]);
  await database.stop();
  if (died) throw new Error('PostgreSQL ended by itself.');
  process.exit(0);
} catch (error) {
  console.error(`Error: ${(error as Error).message}`);
  process.exit(1);
}
