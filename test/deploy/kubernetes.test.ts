import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { Service } from 'kubernetes-models/v1/Service';
import { parseAllDocuments } from 'yaml';
import { readRecords } from '../../harness/record/record-files.ts';
import { start } from '../fixtures/command.ts';
import { skipSlow } from '../fixtures/slow.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'deploy/kubernetes');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-kubernetes-'));
after(() => rmSync(scratch, { recursive: true }));

/** The published schemas of the kinds that are used. */
const KINDS = { Job, Service, StatefulSet };

function documentsIn(file: string) {
  return parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map((document) => {
    assert.deepEqual(document.errors, []);
    return document.toJS();
  });
}

function validate(document: { kind: keyof typeof KINDS }): void {
  new KINDS[document.kind](document as never).validate();
}

for (const file of globSync('*.yaml', { cwd: FOLDER }))
  test(`deploy/kubernetes/${file} fits the published schemas`, () => {
    for (const document of documentsIn(file)) validate(document);
  });

test('a field of another type is refused by these schemas', () => {
  const [job] = documentsIn('bench.yaml');
  assert.throws(() => validate({ ...job, spec: { ...job.spec, completions: 'eight' } }), /completions/);
  assert.throws(
    () => validate({ ...job, spec: { ...job.spec, template: {}, completionMode: 3 } }),
    /completionMode/,
  );
});

test('there is a target for each part, and no two of these pods share a node', () => {
  const [job] = documentsIn('bench.yaml');
  const [, targets] = documentsIn('target.yaml');
  assert.equal(job.spec.completionMode, 'Indexed');
  assert.equal(job.spec.completions, targets.spec.replicas);
  for (const { metadata, spec } of [job.spec.template, targets.spec.template]) {
    const [term] = spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    for (const [name, value] of Object.entries(term.labelSelector.matchLabels))
      assert.equal(metadata.labels[name], value);
    assert.equal(term.topologyKey, 'kubernetes.io/hostname');
    // Guaranteed, and whole cores: what the static CPU manager policy asks for.
    const [{ resources }] = spec.containers;
    assert.deepEqual(resources.requests, resources.limits);
    assert.match(resources.limits.cpu, /^\d+$/);
  }
});

/** Runs the command of a job's container, as the cluster would with this index; files of /data are in the scratch folder. */
function runContainer(file: string, index: string, target = '') {
  const [container] = documentsIn(file)[0].spec.template.spec.containers;
  const [program, ...args] = [...container.command, ...container.args].map((text: string) =>
    text
      .replaceAll('/data/', `${scratch}/`)
      .replaceAll('$(JOB_COMPLETION_INDEX)', index)
      .replace(/^http:.*/, target),
  );
  const env = { ...process.env, JOB_COMPLETION_INDEX: index, OVERLAP_PEERS: 'off', OVERLAP_REPORT: 'off' };
  const { status, stdout, stderr } = spawnSync(program!, args, { cwd: ROOT, env, encoding: 'utf8' });
  return { status, text: `${stdout}${stderr}` };
}

function npmRun(...args: string[]) {
  const { status, stderr } = spawnSync('npm', ['run', '-s', ...args], { cwd: ROOT, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

const skip =
  spawnSync('npm', ['--version']).error === undefined
    ? skipSlow
    : 'there is no npm here, which these pods use';

/** A latency server in a process of its own, as in a target pod. */
async function startTarget() {
  const started = start('serve', ['--port', '0']);
  for (let look = 0; look < 2000; look++) {
    const [, origin] = /^Listening on (\S+);/m.exec(started.output.out) ?? [];
    if (origin !== undefined) return { ...started, origin };
    await wait(20);
  }
  throw new Error(`The server did not listen: ${started.output.err}`);
}

test('the commands of the pods measure a plan, each on its own target, and join it', {
  skip,
  timeout: 400_000,
}, async () => {
  const plan = join(scratch, 'plan.json');
  npmRun('bench', '--', 'crawl', 'yielding', '--profile', 'smoke', '--write-plan', plan);
  const outside = runContainer('bench.yaml', '2');
  assert.equal(outside.status, 1);
  assert.match(outside.text, /Kubernetes's part 3 does not fit the plan, which has 2 parts/);
  for (const index of ['0', '1']) {
    const target = await startTarget();
    try {
      const { status, text } = runContainer('bench.yaml', index, target.origin);
      assert.equal(status, 0, text);
    } finally {
      target.child.kill();
      await target.ended;
    }
    if (index === '0') {
      const early = runContainer('merge.yaml', '');
      assert.equal(early.status, 1);
      assert.match(early.text, /run the completion indexes 1 of the Job again/);
    }
  }
  const { status, text } = runContainer('merge.yaml', '');
  assert.equal(status, 0, text);
  const merged = readRecords(join(scratch, 'merged'));
  assert.deepEqual(
    merged.map(({ experiment, plan }) => [experiment.id, plan?.engine]),
    [
      ['crawl', 'kubernetes'],
      ['yielding', 'kubernetes'],
    ],
  );
});
