import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import {
  describeVariables,
  gitVariables,
  measuredVariables,
  toolVariables,
} from '../../../../harness/measure/process/variables.ts';
import { noGit } from '../../../fixtures/git.ts';

const PROXIES = {
  http_proxy: 'http://127.0.0.1:1',
  HTTPS_PROXY: 'http://127.0.0.1:1',
  ALL_PROXY: 'socks5://127.0.0.1:1',
  no_proxy: 'example.org',
  npm_config_noproxy: 'example.org',
  npm_config_https_proxy: 'http://127.0.0.1:1',
  NODE_USE_ENV_PROXY: '1',
};

test('no variable that git sets for a hook reaches any of our processes', {
  skip: noGit,
}, () => {
  const names = execFileSync('git', ['rev-parse', '--local-env-vars'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  assert.ok(names.includes('GIT_DIR') && names.includes('GIT_INDEX_FILE'));
  const given = Object.fromEntries([...names, 'GIT_LITERAL_PATHSPECS'].map((name) => [name, 'nonsense']));
  for (const variables of [gitVariables(given), toolVariables(given), measuredVariables({}, given)])
    assert.deepEqual(
      Object.keys(given).filter((name) => name in variables),
      [],
    );
});

test('safe.directory is the only setting by variables that git gets', () => {
  const given = {
    GIT_CONFIG_COUNT: '3',
    GIT_CONFIG_KEY_0: 'core.worktree',
    GIT_CONFIG_VALUE_0: '/elsewhere',
    GIT_CONFIG_KEY_1: 'safe.directory',
    GIT_CONFIG_VALUE_1: '*',
    GIT_SSH_COMMAND: 'ssh',
  };
  const { GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0, GIT_SSH_COMMAND } = gitVariables(given);
  assert.deepEqual(
    [GIT_CONFIG_COUNT, GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0, GIT_SSH_COMMAND],
    ['1', 'safe.directory', '*', 'ssh'],
  );
});

test('a proxy reaches npm, but nothing that is measured unless that is asked for', () => {
  const given = { ...PROXIES, PATH: '/bin', GOPROXY: 'direct' };
  assert.deepEqual(toolVariables(given), given);
  const { OVERLAP_DROPPED_VARIABLES, ...measured } = measuredVariables({}, given);
  assert.deepEqual(measured, { PATH: '/bin', GOPROXY: 'direct' });
  assert.deepEqual(measuredVariables({ keepProxy: true }, given), given);
  assert.deepEqual(describeVariables({}, given), { set: {}, dropped: Object.keys(PROXIES).sort() });
  assert.deepEqual(describeVariables({ keepProxy: true }, given).dropped, []);
  assert.equal(describeVariables({ keepProxy: true }, given).set.http_proxy, null);
});

test('variables dropped by a parent process are in the record, too', () => {
  const below = measuredVariables({}, { http_proxy: 'http://127.0.0.1:1', PATH: '/bin' });
  assert.equal(below.http_proxy, undefined);
  assert.deepEqual(describeVariables({}, below).dropped, ['http_proxy']);
  assert.deepEqual(describeVariables({}, { ...below, all_proxy: 'x' }).dropped, ['all_proxy', 'http_proxy']);
});

test("variables of PostgreSQL's clients are for the user's own server only", () => {
  const given = { PGSSLMODE: 'require', PGMAX: '3', PATH: '/bin' };
  const dropped = describeVariables({}, given);
  assert.deepEqual(dropped, { set: {}, dropped: ['PGMAX', 'PGSSLMODE'] });
  assert.equal(measuredVariables({}, { ...given, DATABASE_URL: '' }).PGSSLMODE, undefined);
  const theirs = { ...given, DATABASE_URL: 'postgresql://me:secret@host/db' };
  assert.deepEqual(measuredVariables({}, theirs), theirs);
  assert.deepEqual(describeVariables({}, theirs), {
    set: { DATABASE_URL: null, PGMAX: null, PGSSLMODE: null },
    dropped: [],
  });
});

test('variables that may matter are recorded by name, and by value only if it holds no path and no password', () => {
  const mattering = {
    NODE_EXTRA_CA_CERTS: '/home/me/ca.pem',
    SSLKEYLOGFILE: '/home/me/keys',
    PYTHONPATH: '/home/me',
    LD_PRELOAD: '/home/me/preloaded.so',
    DYLD_INSERT_LIBRARIES: '/home/me/preloaded.dylib',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_ENV: 'production',
  };
  const told = { NODE_OPTIONS: '--max-old-space-size=256', UV_THREADPOOL_SIZE: '16' };
  const given = { ...mattering, ...told, HOME: '/home/me', EMPTY: '', NODE_DEBUG: '' };
  const names = Object.fromEntries(Object.keys(mattering).map((name) => [name, null]));
  assert.deepEqual(describeVariables({}, given), { set: { ...names, ...told }, dropped: [] });
  assert.doesNotMatch(JSON.stringify(describeVariables({}, given)), /home/);
  for (const name of Object.keys(mattering)) assert.ok(name in measuredVariables({}, given));
});
