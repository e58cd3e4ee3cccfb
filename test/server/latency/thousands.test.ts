import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Client, Pool } from 'undici';
import { startChild } from '../../../harness/measure/process/child.ts';
import type { Stats } from '../../../server/latency/observations.ts';
import type { Trace } from '../../../server/latency/trace.ts';
import { skipSlow } from '../../fixtures/slow.ts';

const HELD = 10_000;
/** Until then all of them must have come, on a busy machine, too. */
const DELAY_MS = 15_000;
const FILES_NEEDED = HELD + 200;
const SERVER = join(import.meta.dirname, '../../../server/latency/main.ts');

function openFileLimit(): number {
  const report = process.report.getReport() as { userLimits?: { open_files: { soft: string | number } } };
  const soft = report.userLimits?.open_files.soft;
  return soft === undefined || soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

const limit = openFileLimit();
const skip =
  limit < FILES_NEEDED ? `it needs ${FILES_NEEDED} open files, and the limit is ${limit} (ulimit -n)` : false;

test(`${HELD} requests held at once over as many connections: all answered, none early`, {
  skip: skipSlow || skip,
}, async (context) => {
  const { child, ready } = await startChild<never, { origin: string }>('The server', SERVER);
  context.after(() => child.kill());
  const pool = new Pool(ready.origin, { connections: HELD, headersTimeout: 60_000 });
  const statuses = await Promise.all(
    Array.from({ length: HELD }, async (_, job) => {
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path: `/delay/${DELAY_MS}?job=${job}`,
      });
      await body.dump();
      return statusCode;
    }),
  );
  const witness = new Client(ready.origin);
  const ask = async (path: string) => (await witness.request({ method: 'GET', path })).body.json();
  const stats = (await ask('/stats')) as Stats;
  const { requests } = (await ask('/trace')) as Trace;
  assert.deepEqual(new Set(statuses), new Set([200]));
  assert.equal(stats.peakInFlight, HELD);
  assert.equal(stats.connections.used, HELD);
  assert.equal(stats.releasedEarly, 0);
  assert.equal(new Set(requests.map(({ job }) => job)).size, HELD);
  assert.ok(requests.every(({ arrivedMs, releasedMs }) => releasedMs! - arrivedMs >= DELAY_MS));
  await Promise.all([witness.destroy(), pool.destroy()]);
});
