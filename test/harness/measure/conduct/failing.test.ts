import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { plain } from '../../../../harness/findings/general.ts';
import { runPlans } from '../../../../harness/measure/conduct/run-plans.ts';
import { loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import { readRecord } from '../../../../harness/record/record-files.ts';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { markdownSummary } from '../../../../harness/report/markdown.ts';
import { isPrecise } from '../../../../harness/report/precision.ts';
import { terminalTable } from '../../../../harness/report/table.ts';
import { writeReport } from '../../../../harness/report/write-report.ts';
import { start } from '../../../fixtures/command.ts';
import { kindsWithDying as kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';
import { skipSlow } from '../../../fixtures/slow.ts';

const EXPERIMENTS = join(import.meta.dirname, '../../../fixtures/experiments');
const out = mkdtempSync(join(tmpdir(), 'overlap-failing-'));
after(() => rmSync(out, { recursive: true }));

/** Runs experiments of the fixtures one after the other; returns their records. */
async function runFixtures(...names: string[]): Promise<RunRecord[]> {
  const catalog = await Promise.all(names.map((name) => loadExperiment(join(EXPERIMENTS, `${name}.ts`))));
  const asked = { names: [], profile: 'smoke', rounds: undefined, seed: 1 } as const;
  const { environment } = madeUpRecord([]);
  const plans = await planRun({ catalog, kinds, request: asked, environment });
  const stopped = await runPlans(plans, out, { progressed() {} }, new AbortController().signal);
  assert.equal(stopped, undefined);
  return names.map((name) => readRecord(join(out, `${name}.json`)));
}

test('rows whose set-up fails are errored with their reason, and all others are measured', async () => {
  const [record] = await runFixtures('unready');
  assert.deepEqual(Object.fromEntries(record!.variants.map(({ id, error }) => [id, error])), {
    fine: undefined,
    refused: 'it could not be set up (the server is not ready)',
    thrown: 'it could not be set up (no client of that name)',
    missing:
      'it could not be set up (it needs overlap-no-such-package, which is not installed: run npm ci --include=dev)',
    'strategy missing':
      'it could not be set up (it needs overlap-no-such-package, which is not installed: run npm ci --include=dev)',
    later: 'it could not be set up (twice is enough)',
    lost: 'it could not be set up (the server is not ready)',
    alone: 'its baseline, lost, has an error',
  });
  assert.equal(record!.status, 'errored');
  assert.equal(
    record!.reason,
    'unready, some refused: it could not be set up (the server is not ready); 6 more rows have errors.',
  );
  assert.ok(record!.samples.every(({ failure }) => failure === null));
  assert.equal(isPrecise(record!, 0.01), true);

  const { summary } = await writeReport(out, [record!], () => ({ finding: () => plain('They do.') }));
  const [experiment] = summary.experiments;
  assert.deepEqual(
    experiment!.rows.map(({ group, variant, rounds }) => [group, variant, rounds]),
    [
      ['some', 'fine', 3],
      ['some', 'later', 2],
    ],
  );
  // A busy machine may add others.
  const whats = experiment!.rows[1]!.warnings.map(({ what }) => what);
  assert.ok(whats.includes('It errored: it could not be set up (twice is enough).'), whats.join(' '));
  const told = [terminalTable(experiment!).replaceAll('\n', ' '), markdownSummary(summary)];
  for (const text of told)
    assert.match(
      text,
      /errored: some refused, none lost, because it could not be set up \(the server is not ready\)\./,
    );
});

test('an experiment whose target does not start is errored, and the next one is measured', async () => {
  const [targetless, peering] = await runFixtures('targetless', 'peering');
  assert.equal(targetless!.status, 'errored');
  assert.match(
    targetless!.reason!,
    /^targetless could not start: The target ended with exit code 1 \(.*capacity/,
  );
  assert.equal(peering!.status, 'ok');
});

test('a client whose library is not installed is an errored row, the other clients are measured, and the run ends with 1', {
  skip: skipSlow,
}, async () => {
  const args = ['clients', '--profile', 'smoke', '--rounds', '1', '--out', out];
  const withoutGot = { NODE_OPTIONS: '--import ./test/fixtures/without-got.js' };
  const { code, err, out: text } = await start('bench', args, undefined, withoutGot).ended;
  assert.equal(code, 1);
  const reason = 'it could not be set up (it needs got, which is not installed: run npm ci --include=dev)';
  assert.match(err, new RegExp(`^Error: clients, 1 ms got: ${reason.replace(/[()]/g, '\\$&')}\\.\n$`, 'm'));
  assert.ok(text.replaceAll('\n', ' ').includes(`errored: 1 ms got, because ${reason}.`));
  const { variants, samples } = readRecord(join(out, 'clients.json'));
  assert.deepEqual(
    variants.filter(({ error }) => error !== undefined).map(({ id }) => id),
    ['got'],
  );
  const measured = new Set(samples.map(({ variant }) => variants[variant]!.id));
  assert.equal(measured.size, variants.length - 1);
});
