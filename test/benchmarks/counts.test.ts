import '../../harness/measure/conduct/own-fetch.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FromMeasured } from '../../harness/measure/conduct/messages.ts';
import { createRoundRunner } from '../../harness/measure/conduct/round.ts';
import { planTargets } from '../../harness/measure/plan/planned-targets.ts';
import { variantsOf } from '../../harness/measure/plan/variants.ts';
import { openTargets, startTarget } from '../../harness/measure/process/target.ts';
import type { Workload } from '../../harness/model/experiment.ts';
import { kinds } from '../fixtures/kinds.ts';
import { catalog } from '../fixtures/project.ts';

const ROUNDS = 3;
/** Without any wait every client is slow: the first answers arrive before a client that staggers has sent all. */
const WITHOUT_WAITS = { delayMs: 0, delaysMs: [0] };

const exact = catalog.flatMap(({ experiment, ...entry }) => {
  const smoke: Workload = { ...experiment.profiles.smoke!, ...WITHOUT_WAITS };
  const slow = { ...entry, experiment: { ...experiment, profiles: { ...experiment.profiles, smoke } } };
  const variants = variantsOf(slow, 'smoke');
  const counted = variants.filter(({ connections }) => 'used' in connections && connections.used > 1);
  return counted.length === 0 ? [] : [{ entry: slow, variants, counted }];
});

test('there are exact counts of connections at all', () => {
  assert.ok(exact.some(({ entry }) => entry.id === 'crawl'));
});

for (const { entry, variants, counted } of exact)
  test(`${entry.id}: each exact count of connections holds where the client is slower than the answers`, async () => {
    const started = await Promise.all(
      Object.entries(await planTargets(entry, 'smoke', kinds)).map(async ([name, { kind, options }]) => ({
        name,
        kind,
        target: await startTarget(kind, options),
      })),
    );
    try {
      const places = Object.fromEntries(
        started.map(({ name, kind, target }) => [
          name,
          { address: target.address, witness: kind.witness, remote: false },
        ]),
      );
      const said: FromMeasured[] = [];
      const runner = await createRoundRunner(entry, variants, await openTargets(places), (message) =>
        said.push(message),
      );
      const entries = counted.map(({ group, id }) => ({ group, id, twin: false }));
      for (let round = 1; round <= ROUNDS; round++)
        await runner.run({ type: 'round', round, warmUp: false, entries, traced: false });
      const samples = said.flatMap((message) => (message.type === 'sample' ? [message] : []));
      assert.equal(samples.length, ROUNDS * counted.length);
      for (const { entry, figures } of samples) assert.equal(figures.failure, null, entry.id);
    } finally {
      await Promise.all(started.map(({ target }) => target.end()));
    }
  });
