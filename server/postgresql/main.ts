/**
 * A PostgreSQL as the target. This process is forked with its options as one argument of JSON, says where the database
 * is, and puts everything away when its parent says anything, or goes away, however that goes: the channel between them then
 * closes.
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
