import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRemoteTarget } from '../../../../harness/measure/process/remote.ts';
import type { NamedKind, TargetKinds } from '../../../../harness/measure/process/target-kinds.ts';
import latency from '../../../../server/latency/kind.ts';
import { kinds } from '../../../fixtures/kinds.ts';

/** Kinds of which each takes addresses of its own scheme, and one that nothing can stand in for. */
type Check = NonNullable<NamedKind['elsewhere']>['check'];

function madeUpKinds(check: Check = async () => ({ version: '7.2' })): TargetKinds {
  const kindOf = (name: string): NamedKind => ({
    ...latency,
    name,
    elsewhere:
      name === 'alone'
        ? null
        : {
            example: `${name}://10.0.0.2`,
            originOf: ({ protocol, host }) => (protocol === `${name}:` ? `${name}://${host}` : null),
            check,
          },
  });
  return { names: ['alone', 'one', 'two'], load: async (name) => kindOf(name) };
}

test('the kind that accepts an address checks its server, and reports the settings', async () => {
  const found = { kind: 'two', origin: 'two://10.0.0.9', version: '7.2' };
  assert.deepEqual(await checkRemoteTarget('two://10.0.0.9/3', madeUpKinds()), found);
  const settings = { capacity: 20, distribution: 'uniform' };
  const telling = madeUpKinds(async () => ({ version: '7.2', settings }));
  assert.deepEqual(await checkRemoteTarget('two://10.0.0.9', telling), { ...found, settings });
});

test('a proxy is for another machine only', async () => {
  for (const url of ['http://127.0.0.1:8000', 'http://localhost:8000', 'http://[::1]:8000'])
    await assert.rejects(checkRemoteTarget(url, kinds, { keepProxy: true }), {
      message: `--keep-proxy is for a --target on another machine; ${url} is this one.`,
    });
});

test("the check's error is one sentence with the address", async () => {
  const busy = madeUpKinds(async () => {
    throw new Error('it is busy');
  });
  await assert.rejects(checkRemoteTarget('one://10.0.0.9', busy), {
    message: '--target one://10.0.0.9 cannot be measured against: it is busy.',
  });
});

test('a server that does not answer, and an invalid address, are refused in one sentence', async () => {
  await assert.rejects(
    checkRemoteTarget('http://127.0.0.1:1', kinds),
    /cannot be measured against: .*ECONNREFUSED/,
  );
  for (const url of [
    'nonsense',
    'https://127.0.0.1:8000',
    'http://127.0.0.1:8000/delay/1',
    'http://me@127.0.0.1',
  ])
    await assert.rejects(checkRemoteTarget(url, kinds), {
      message: `--target must be the address of a latency server, as http://10.0.0.2:8000, not ${url}.`,
    });
  await assert.rejects(checkRemoteTarget('three://10.0.0.9', madeUpKinds()), {
    message:
      '--target must be the address of a one server, as one://10.0.0.2, or of a two server, as two://10.0.0.2, not three://10.0.0.9.',
  });
});

test('if no kind allows --target, the error says so', async () => {
  const alone = { ...madeUpKinds(), names: ['alone'] };
  await assert.rejects(checkRemoteTarget('http://10.0.0.9', alone), {
    message: '--target cannot be used: no kind of target (alone) can be on another machine.',
  });
});
