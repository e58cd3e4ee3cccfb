import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ConductOptions, conduct } from '../../../../harness/measure/conduct/conduct.ts';
import { type ConductEvent, lastRecord } from '../../../../harness/measure/conduct/events.ts';
import type { ToMeasured } from '../../../../harness/measure/conduct/messages.ts';
import { runPlans } from '../../../../harness/measure/conduct/run-plans.ts';
import { NotStarted } from '../../../../harness/measure/conduct/stage.ts';
import { stopRule } from '../../../../harness/measure/conduct/stop-rule.ts';
import { type PlannedExperiment, planRun } from '../../../../harness/measure/plan/plan.ts';
import { ChildDied } from '../../../../harness/measure/process/child.ts';
import { defineExperiment, type Variant } from '../../../../harness/model/experiment.ts';
import { readRecord } from '../../../../harness/record/record-files.ts';
import { type FakeStage, fakeStage, type MadeUp, roundsSent } from '../../../fixtures/fake-stage.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const never = () => {
  throw new Error('Nothing runs on a stage that is made up.');
};
const row: Omit<Variant, 'id'> = {
  jobs: 1,
  limit: 1,
  connections: { used: 1, opened: 0 },
  estimateMs: 100,
  strategy: never,
  open: never,
};

/** Two groups whose rows have the same names. */
async function planned(rounds = 2, warmUpRounds = 1): Promise<PlannedExperiment> {
  const work = { rounds, warmUpRounds };
  const experiment = defineExperiment({
    title: 'Made up',
    question: 'What does the conductor tell?',
    profiles: { smoke: work, quick: work, book: work },
    variants: () => [
      { ...row, group: 'a', id: 'serial', baseline: true },
      { ...row, group: 'a', id: 'fast' },
      { ...row, group: 'b', id: 'serial', baseline: true, control: true, warmsUp: false },
      { ...row, group: 'b', id: 'fast', rounds: 1 },
    ],
    charts: [{ kind: 'timeline', view: 'timeline', groups: ['a'] }],
    finding: () => null,
  });
  const [plan] = await planRun({
    catalog: [{ id: 'made-up', file: 'made-up.ts', experiment }],
    kinds,
    request: { names: [], profile: 'smoke', rounds: undefined, seed: 1 },
    environment: madeUpRecord([]).environment,
  });
  return plan!;
}

const signal = new AbortController().signal;

function conductOn(
  plan: PlannedExperiment,
  stage: FakeStage,
  options: Partial<ConductOptions> = {},
): AsyncGenerator<ConductEvent, void> {
  return conduct(plan, { signal, starts: stage.starts, ...options });
}

/** What happens, each as one text, and the error in which it ends. */
async function told(events: AsyncIterable<ConductEvent>): Promise<{ texts: string[]; error?: Error }> {
  const texts: string[] = [];
  try {
    for await (const event of events)
      if (event.type === 'sample started') {
        const { warmUp, round, variant } = event.progress;
        texts.push(`${warmUp ? 'warm-up ' : ''}${round}: ${variant}`);
      } else texts.push(event.type);
  } catch (error) {
    return { texts, error: error as Error };
  }
  return { texts };
}

test('samples are reported in the order in which they run, each round when it is done, and the end when all processes have ended', async () => {
  const stage = fakeStage();
  const { texts, error } = await told(conductOn(await planned(), stage));
  assert.equal(error, undefined);
  const [warmUp, first, second] = roundsSent(stage.sent);
  const named = (round: string, entries: string[] = []) =>
    entries.map((entry) => `${round}: ${entry.replace(' twin', '')}`);
  assert.deepEqual(texts, [
    ...named('warm-up 1', warmUp),
    'round finished',
    ...named('1', first),
    'round finished',
    ...named('2', second),
    'round finished',
    'ended',
  ]);
  assert.deepEqual(warmUp, ['a serial', 'a serial twin', 'a fast']);
  const all = ['a fast', 'a serial', 'a serial twin', 'b fast', 'b serial', 'b serial twin'];
  assert.deepEqual(first!.toSorted(), all);
  assert.deepEqual(
    second!.toSorted(),
    all.filter((name) => name !== 'b fast'),
  );
});

test('the next round begins once the caller has received the last one, and nothing runs at the end', async () => {
  const stage = fakeStage();
  let finished = 0;
  for await (const event of conductOn(await planned(), stage)) {
    if (event.type === 'ended') assert.deepEqual([...stage.running], []);
    if (event.type !== 'round finished') continue;
    finished += 1;
    assert.equal(roundsSent(stage.sent).length, finished);
    assert.deepEqual([...stage.running].sort(), ['measured', 'target']);
  }
  assert.equal(finished, 3);
});

test('samples index the list of the record, whose rows share names between groups; traces are those that are shown', async () => {
  const stage = fakeStage(({ group, id }) => ({
    wallMs: (group === 'a' ? 10 : 20) + (id === 'fast' ? 1 : 2),
  }));
  const record = await lastRecord(conductOn(await planned(), stage));
  assert.equal(record.status, 'ok');
  assert.equal(record.samples.length, 3 + 6 + 5);
  for (const { variant, wallMs } of record.samples) assert.equal(wallMs, [12, 11, 22, 21][variant]);
  const [, first] = roundsSent(stage.sent);
  const measured = record.samples.filter(({ warmUp, round }) => !warmUp && round === 1);
  assert.deepEqual(
    measured.map(({ position }) => position),
    [...first!.keys()],
  );
  assert.deepEqual(
    measured.map(({ variant, twin }) => {
      const { group, id } = record.variants[variant]!;
      return `${group} ${id}${twin ? ' twin' : ''}`;
    }),
    first,
  );
  assert.deepEqual(
    record.traces.map(({ variant }) => variant),
    [0, 1],
  );
});

test('a lost row has an error and runs no more, and neither do the rows of a lost baseline', async () => {
  const stage = fakeStage(
    (entry, { warmUp, round }): MadeUp =>
      entry.group === 'a' && entry.id === 'serial' && !warmUp && round === 1
        ? { type: 'lost', entry, reason: 'the server is not ready', goesOn: false }
        : {},
  );
  const record = await lastRecord(conductOn(await planned(), stage));
  assert.deepEqual(
    record.variants.map(({ error }) => error),
    ['the server is not ready', 'its baseline, serial, has an error', undefined, undefined],
  );
  assert.deepEqual(
    [record.status, record.reason],
    ['errored', 'made-up, a serial: the server is not ready; 1 more row has an error.'],
  );
  assert.deepEqual(roundsSent(stage.sent)[2]!.toSorted(), ['b serial', 'b serial twin']);
});

test('a check that failed ends it: its sample is in the record, and its round is not finished', async () => {
  const stage = fakeStage(({ group, id }, { round, warmUp }) => ({
    failure: group === 'b' && id === 'fast' && round === 1 && !warmUp ? 'the target saw two' : null,
  }));
  const events = await Array.fromAsync(conductOn(await planned(), stage));
  assert.equal(events.filter(({ type }) => type === 'round finished').length, 1);
  const last = events.at(-1)!;
  assert.ok(last.type === 'ended');
  assert.equal(last.record.status, 'errored');
  assert.equal(last.record.reason, 'made-up, b fast, round 1: the target saw two.');
  assert.equal(last.record.samples.filter(({ failure }) => failure !== null).length, 1);
});

test('an interruption keeps the rounds that were finished, and no further one begins', async () => {
  const out = mkdtempSync(join(tmpdir(), 'overlap-events-'));
  try {
    const interrupt = new AbortController();
    const stage = fakeStage((_, { warmUp, round }) => {
      if (!warmUp && round === 2) interrupt.abort(new Error('Enough.'));
      return {};
    });
    const options = { progressed() {}, starts: stage.starts };
    const stopped = await runPlans([await planned(3)], out, options, interrupt.signal);
    assert.equal(stopped, interrupt.signal.reason);
    const { status, reason, samples } = readRecord(join(out, 'made-up.json'));
    assert.deepEqual([status, reason], ['interrupted', 'Enough.']);
    assert.deepEqual(
      samples.map(({ round, warmUp }) => `${warmUp} ${round}`),
      [...Array(3).fill('true 1'), ...Array(6).fill('false 1')],
    );
    assert.equal(roundsSent(stage.sent).length, 3);
    assert.deepEqual([...stage.running], []);
  } finally {
    rmSync(out, { recursive: true });
  }
});

test('a signal that comes after a round lets no other begin', async () => {
  const stage = fakeStage();
  const interrupt = new AbortController();
  const events = conductOn(await planned(), stage, { signal: interrupt.signal });
  const listen = async () => {
    for await (const { type } of events) if (type === 'round finished') interrupt.abort(new Error('Enough.'));
  };
  await assert.rejects(listen, { message: 'Enough.' });
  assert.deepEqual([...stage.running], []);
  assert.equal(roundsSent(stage.sent).length, 1);
});

test('after the caller stops listening, nothing runs', async () => {
  const stage = fakeStage();
  for await (const { type } of conductOn(await planned(), stage)) if (type === 'round finished') break;
  assert.deepEqual([...stage.running], []);
  assert.equal(roundsSent(stage.sent).length, 1);
});

test('the stop rule is called after measured rounds only, and the record then plans only the rounds that ran', async () => {
  const stage = fakeStage();
  const asked: number[] = [];
  const rule = stopRule({
    leastRounds: 2,
    isAnswered: ({ samples }: { samples: readonly unknown[] }) => samples.length > 0,
    withinMs: 60_000,
  });
  const record = await lastRecord(
    conductOn(await planned(5), stage, {
      isEnough(soFar) {
        asked.push(soFar.rounds);
        assert.ok(soFar.elapsedMs > 0);
        return rule(soFar);
      },
    }),
  );
  assert.deepEqual(asked, [1, 2]);
  assert.equal(roundsSent(stage.sent).length, 1 + 2);
  assert.deepEqual([record.status, record.rounds], ['ok', 2]);
  assert.deepEqual(
    record.variants.map(({ rounds }) => rounds),
    [2, 2, 2, 1],
  );
});

test('a resumed run is warmed up again, and runs its missing rounds', async () => {
  const plan = await planned(3);
  const first = fakeStage(() => ({ wallMs: 7 }));
  let begun = plan.record;
  for await (const event of conductOn(plan, first))
    if (event.type === 'round finished') {
      begun = event.record;
      if (event.round === 2) break;
    }
  const second = fakeStage(() => ({ wallMs: 7 }));
  const events = await Array.fromAsync(conductOn({ ...plan, record: begun }, second));
  const rounds = second.sent.flatMap((message) =>
    message.type === 'round' ? [`${message.warmUp ? 'warm-up ' : ''}${message.round}`] : [],
  );
  assert.deepEqual(rounds, ['warm-up 1', '3']);
  const [start, last] = [events[0]!, events.at(-1)!];
  // What was measured says how long the rest takes: three samples of the warm-up, and five of the round.
  assert.ok(start.type === 'sample started' && last.type === 'ended');
  assert.equal(start.progress.leftMs, (3 + 5) * 7);
  assert.equal(last.record.status, 'ok');
  assert.deepEqual([...new Set(last.record.samples.map(({ round }) => round))].sort(), [1, 2, 3]);
  assert.equal(last.record.samples.filter(({ warmUp }) => warmUp).length, 2 * 3);
  assert.equal(last.record.traces.length, 2);
});

/** What a run on a stage becomes, and how often its processes were started. */
async function endedOn(stage: FakeStage, rounds = 2) {
  const record = await lastRecord(conductOn(await planned(rounds), stage));
  assert.deepEqual([...stage.running], []);
  const starts = stage.sent.filter(({ type }) => type === 'configure').length;
  return { record, starts, errors: record.variants.map(({ error }) => error) };
}

test('a sample that is silent for longer than its row may be loses the row, and the others go on in another process', async () => {
  const isFast = ({ group, id }: { group: string; id: string }) => group === 'a' && id === 'fast';
  const stage = fakeStage((entry) => (isFast(entry) ? 'silence' : {}), { fast: 1000 });
  const { record, starts, errors } = await endedOn(stage);
  assert.deepEqual(errors, [undefined, './made-up.ts gave no sign of life for 1 s', undefined, undefined]);
  assert.equal(record.reason, 'made-up, a fast: ./made-up.ts gave no sign of life for 1 s.');
  assert.equal(starts, 2);
  const rounds = new Set(record.samples.map(({ warmUp, round }) => `${warmUp ? 'warm-up ' : ''}${round}`));
  assert.deepEqual([...rounds], ['warm-up 1', '1', '2']);
});

for (const [what, made, reason] of [
  ['calls process.exit', { type: 'exiting', code: 3 }, './made-up.ts called process.exit(3)'],
  ['crashes', 'death', 'The measured process ended with exit code 1 in ./made-up.ts'],
] as const)
  test(`a row that ${what} has an error, the round is measured again without it, and no sample counts twice`, async () => {
    let count = 0;
    const stage = fakeStage((entry, { warmUp, round }): MadeUp => {
      count += 1;
      return entry.group === 'b' && entry.id === 'fast' && !warmUp && round === 1 ? made : {};
    });
    const { record, starts, errors } = await endedOn(stage);
    assert.deepEqual(errors, [undefined, undefined, undefined, reason]);
    assert.equal(starts, 2);
    // Each process is warmed up; then the rounds are of five.
    assert.equal(record.samples.length, 3 + 3 + 5 + 5);
    assert.ok(count > record.samples.length);
  });

test('a lost row whose code goes on leaves its process to no other row', async () => {
  const reason = 'bench/mine.ts did not end within 9 s';
  const stage = fakeStage(
    (entry): MadeUp =>
      entry.group === 'a' && entry.id === 'fast' ? { type: 'lost', entry, reason, goesOn: true } : {},
  );
  const { starts, errors } = await endedOn(stage);
  assert.deepEqual(errors, [undefined, reason, undefined, undefined]);
  assert.equal(starts, 2);
});

test('a run all of whose rows are lost ends, and starts no further process', async () => {
  const stage = fakeStage((entry): MadeUp => ({ type: 'exiting', code: Number(entry.id === 'fast') }));
  const { record, starts, errors } = await endedOn(stage);
  assert.equal(record.status, 'errored');
  assert.ok(errors.every((error) => error !== undefined));
  assert.equal(starts, 2);
});

/** What is told besides the samples. */
async function noticesOn(stage: FakeStage): Promise<string[]> {
  const events = await Array.fromAsync(conductOn(await planned(3), stage));
  assert.equal(events.at(-1)!.type, 'ended');
  return events.flatMap((event) => (event.type === 'noticed' ? [event.warning.what] : []));
}

test('what there is more of after each round is told once, with its number at the end', async () => {
  const stage = fakeStage(
    () => ({}),
    {},
    (round) => ({ timer: 2 * round, connection: 5 }),
  );
  assert.deepEqual(await noticesOn(stage), ['./made-up.ts leaves 6 timers open, and more after each round.']);
});

test('what is opened once, or closed in between, is not told', async () => {
  const stage = fakeStage(
    () => ({}),
    {},
    (round) => ({ timer: 1, connection: round === 2 ? 3 : 4 }),
  );
  assert.deepEqual(await noticesOn(stage), []);
});

test('a target that ends during a round ends the run with its own message', async () => {
  const stage: FakeStage = fakeStage(({ id }) => {
    if (id !== 'fast') return {};
    stage.endTarget('The target ended with exit code 7.');
    return 'silence';
  });
  const { error } = await told(conductOn(await planned(), stage));
  assert.ok(error instanceof ChildDied);
  assert.equal(error.message, 'The target ended with exit code 7.');
});

test('a round that cannot go on ends the run, and so does an unknown row', async () => {
  const failing = fakeStage(() => ({ type: 'failed', message: 'made-up/a: The target answered 400.' }));
  assert.equal(
    (await told(conductOn(await planned(), failing))).error?.message,
    'made-up/a: The target answered 400.',
  );
  const strange = fakeStage(() => ({
    type: 'lost',
    entry: { group: 'b', id: 'slow', twin: false },
    reason: 'the server is not ready',
    goesOn: false,
  }));
  assert.equal(
    (await told(conductOn(await planned(), strange))).error?.message,
    'made-up has no variant "b slow"; it has "a serial", "a fast", "b serial", "b fast".',
  );
});

test('a stage whose target does not start is ended, without events', async () => {
  const stage = fakeStage();
  const target = async () => {
    throw new ChildDied('The target ended with exit code 1.');
  };
  const { texts, error } = await told(
    conductOn(await planned(), { ...stage, starts: { ...stage.starts, target } }),
  );
  assert.ok(error instanceof NotStarted);
  assert.equal(error.message, 'made-up could not start: The target ended with exit code 1.');
  assert.deepEqual(texts, []);
  assert.deepEqual([...stage.running], []);
  assert.deepEqual(stage.sent, [] satisfies ToMeasured[]);
});

test('an experiment whose target ends leaves the next one alone', async () => {
  const out = mkdtempSync(join(tmpdir(), 'overlap-events-'));
  try {
    const first = await planned(1, 0);
    const later = {
      ...first,
      entry: { ...first.entry, id: 'later' },
      record: { ...first.record, experiment: { ...first.record.experiment, id: 'later' } },
    };
    let ended = false;
    const stage: FakeStage = fakeStage(() => {
      if (ended) return {};
      ended = true;
      stage.endTarget('The target ended with exit code 7.');
      return 'silence';
    });
    assert.equal(
      await runPlans([first, later], out, { starts: stage.starts, progressed() {} }, signal),
      undefined,
    );
    const [was, is] = ['made-up', 'later'].map((id) => readRecord(join(out, `${id}.json`)));
    assert.deepEqual([was!.status, was!.reason], ['errored', 'The target ended with exit code 7.']);
    assert.equal(is!.status, 'ok');
  } finally {
    rmSync(out, { recursive: true });
  }
});

test('a saved run has the data of the events, and its progress counts the remaining time', async () => {
  const out = mkdtempSync(join(tmpdir(), 'overlap-events-'));
  try {
    const first = await planned(1, 0);
    const entry = { ...first.entry, id: 'later' };
    const experiment = { ...first.record.experiment, id: 'later' };
    const later = { ...first, entry, record: { ...first.record, experiment } };
    const leftMs: number[] = [];
    const stage = fakeStage();
    const options = {
      starts: stage.starts,
      progressed: (progress: { leftMs: number }) => leftMs.push(progress.leftMs),
    };
    assert.equal(await runPlans([first, later], out, options, signal), undefined);
    assert.equal(leftMs[0], 2 * 6 * 100);
    assert.equal(leftMs[6], 6 * 100);
    for (const id of ['made-up', 'later'])
      assert.deepEqual(
        [readRecord(join(out, `${id}.json`)).status, readRecord(join(out, `${id}.json`)).samples.length],
        ['ok', 6],
      );
  } finally {
    rmSync(out, { recursive: true });
  }
});
