import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CatalogEntry } from '../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../harness/measure/plan/plan.ts';
import type { Experiment } from '../../../harness/model/experiment.ts';
import { checkRecord, RecordError, writeRecord } from '../../../harness/record/record-files.ts';
import type { RunRecord } from '../../../harness/record/schema.ts';
import { kinds } from '../../fixtures/kinds.ts';
import { catalog } from '../../fixtures/project.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-refused-'));
after(() => rmSync(scratch, { recursive: true }));

/** A record that is made wrong, whatever its type says. */
function wrong(change: (record: RunRecord) => unknown): RunRecord {
  const record = madeUpRecord(TENFOLD);
  change(record);
  return record;
}

for (const [what, record, sentence] of [
  [
    'a bad id',
    wrong(({ experiment }) => Object.assign(experiment, { id: 'My Crawl' })),
    /\/experiment\/id must match/,
  ],
  [
    'an id that is a path',
    wrong(({ experiment }) => Object.assign(experiment, { id: '../crawl' })),
    /\/experiment\/id /,
  ],
  [
    'a metric that is no number',
    wrong(({ samples }) => Object.assign(samples[4]!.metrics, { heapBytes: Number.NaN })),
    /\/samples\/4\/metrics\/heapBytes must be number/,
  ],
  [
    'a metric without end',
    wrong(({ samples }) => Object.assign(samples[4]!.metrics, { heapBytes: Number.POSITIVE_INFINITY })),
    /\/samples\/4\/metrics\/heapBytes must be number/,
  ],
  [
    'a time of 0',
    wrong(({ samples }) => Object.assign(samples[0]!, { wallMs: 0 })),
    /\/samples\/0\/wallMs must be/,
  ],
  [
    'a chart of an unknown kind',
    wrong(({ charts }) => charts.push({ kind: 'pie', view: 'pie' } as never)),
    /has a chart of kind "pie", and this Overlap has bars, lines, scalability, speedup, timeline\./,
  ],
  [
    'a metric of no unit',
    wrong(({ metrics }) => metrics.push({ name: 'a', better: 'lower' } as never)),
    /\/metrics\/0 must/,
  ],
  [
    'a metric of an unknown unit',
    wrong(({ metrics }) => metrics.push({ name: 'a', unit: 'miles', better: 'lower' } as never)),
    /\/metrics\/0\/unit must/,
  ],
  [
    'a warning without its remedy',
    wrong(({ environment }) => environment.warnings.push({ what: 'a' } as never)),
    /\/environment\/warnings\/0 must/,
  ],
  [
    'a sample of no variant',
    wrong(({ samples }) => Object.assign(samples[2]!, { variant: 2 })),
    /sample 2 names a variant that is not in its list/,
  ],
  [
    'an unknown field',
    wrong((record) => Object.assign(record, { columns: [] })),
    /\/columns is not a field of it\.$/,
  ],
] as const)
  test(`${what} is refused where a record is written, before anything is on disk`, () => {
    const directory = mkdtempSync(join(scratch, 'results-'));
    assert.throws(
      () => writeRecord(directory, record),
      (error: Error) => {
        assert.ok(error instanceof RecordError, `${error}`);
        assert.match(error.message, sentence);
        assert.match(error.message, /^[^\n]+\.$/);
        return true;
      },
    );
    assert.deepEqual(readdirSync(directory), []);
  });

const crawl = catalog.find(({ id }) => id === 'crawl')!;
/** Plans a run of an experiment that is made wrong. */
const planning = (given: Partial<Experiment>, id = 'crawl') => {
  const entry: CatalogEntry = { ...crawl, id, experiment: { ...crawl.experiment, ...given } };
  return planRun({
    catalog: [entry],
    kinds,
    request: { names: [], profile: 'smoke', rounds: undefined, seed: 1 },
    environment: madeUpRecord([]).environment,
  });
};

for (const [what, planned, sentence] of [
  [
    'a bad id',
    () => planning({}, 'My Crawl'),
    /^The record of My Crawl is not a record: \/experiment\/id must match/,
  ],
  [
    'a chart of an unknown kind',
    () => planning({ charts: [{ kind: 'pie', view: 'pie' } as never] }),
    /^The record of crawl has a chart of kind "pie", /,
  ],
  [
    'a metric without a name',
    () => planning({ metrics: [{ name: '', unit: 'ms', better: 'lower' }] }),
    /^The record of crawl is not a record: \/metrics\/0\/name must/,
  ],
] as const)
  test(`${what} is refused when a run is planned`, async () => {
    await assert.rejects(planned(), (error: Error) => {
      assert.ok(error instanceof RecordError, `${error}`);
      assert.match(error.message, sentence);
      return true;
    });
  });

test('a run that can be kept is planned', async () => {
  const [plan] = await planning({});
  assert.equal(plan!.record.status, 'running');
});

test('a record of 10,000 samples is checked in a fraction of the time that its rounds take', () => {
  const record = madeUpRecord(TENFOLD);
  const metrics = { latencyP50Ms: 1, latencyP99Ms: 2, heapBytes: 3 };
  const samples = Array.from({ length: 10_000 }, (_, index) => ({
    ...record.samples[index % record.samples.length]!,
    metrics,
  }));
  const large = { ...record, samples };
  checkRecord('crawl.json', large);
  const times = Array.from({ length: 5 }, () => {
    const from = performance.now();
    checkRecord('crawl.json', large);
    return performance.now() - from;
  });
  // Far above what it takes, for a slow and busy machine: without compiling it would take seconds.
  assert.ok(Math.min(...times) < 250, `${times}`);
});
