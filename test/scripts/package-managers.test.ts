/** `compare --base` with the real package managers, which npm's registry has. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { after, test } from 'node:test';
import { leftOf, openFor, valueIn } from '../fixtures/both-checkouts.ts';
import { noGit } from '../fixtures/git.ts';
import { commit, experiment, manifest, openRepositories, writeFiles } from '../fixtures/own-repository.ts';
import { skipSlow } from '../fixtures/slow.ts';

const repositories = openRepositories();
after(() => repositories.remove());

/** Runs a program to its end; it must succeed. */
function run(cwd: string, program: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: process.env,
  });
  assert.equal(status, 0, `${program} ${args.join(' ')}: ${error ?? ''}${stdout}${stderr}`);
  return stdout.trim();
}

const reach = ['view', '--fetch-retries=0', '--fetch-timeout=30000', 'yocto-queue', 'version'];
const noRegistry =
  skipSlow || spawnSync('npm', reach).status === 0 ? false : "npm's registry cannot be reached";

const MANAGERS = [
  { name: 'npm', of: null, add: [], sibling: '1.0.0', files: {} },
  {
    name: 'pnpm',
    of: 'pnpm@12.21.0',
    add: ['--no-frozen-lockfile'],
    sibling: 'workspace:*',
    files: { 'pnpm-workspace.yaml': 'packages: ["packages/*"]\n' },
  },
  { name: 'yarn', of: 'yarn@1.22.22', add: [], sibling: '1.0.0', files: {} },
  {
    name: 'yarn',
    of: '@yarnpkg/cli-dist@4.18.1',
    add: ['--no-immutable'],
    sibling: 'workspace:*',
    files: { '.yarnrc.yml': 'nodeLinker: node-modules\nenableTelemetry: false\n' },
  },
];

const workspace = (release: string, sibling: string) => ({
  'package.json': manifest('workspace', { private: true, workspaces: ['packages/*'] }),
  'packages/service/package.json': manifest('service', {
    dependencies: { '@own/crawler': sibling, 'yocto-queue': release },
  }),
});

for (const { name, of, add, sibling, files } of MANAGERS)
  test(`${of ?? name}: its lock file decides whether packages are installed or linked, and siblings are that side's own`, {
    skip: noGit || skipSlow || noRegistry,
  }, async () => {
    const folder = of === null ? 'of-npm' : of.replaceAll(/\W/g, '-');
    const before = { ...process.env };
    if (of !== null) {
      const tools = join(repositories.scratch, `tools-${folder}`);
      writeFiles(tools, { 'package.json': manifest('tools') });
      run(tools, 'npm', 'install', '--no-audit', '--no-fund', of);
      process.env.PATH = [join(tools, 'node_modules/.bin'), process.env.PATH].join(delimiter);
    }
    const registry = run(repositories.scratch, 'npm', 'config', 'get', 'registry');
    Object.assign(process.env, { npm_config_registry: registry, YARN_NPM_REGISTRY_SERVER: registry });
    try {
      const top = repositories.make(folder, {
        ...files,
        ...workspace('1.1.0', sibling),
        '.gitignore': 'node_modules\nresults\n.yarn\n',
        'yarn.lock': '',
        'packages/crawler/package.json': manifest('@own/crawler', { exports: './index.js' }),
        'packages/crawler/index.js': 'export const crawlAll = null;\nexport const value = 1;\n',
        'packages/service/queue.js': `import { createRequire } from 'node:module';
          import Queue from 'yocto-queue';
          import { readFileSync } from 'node:fs';
          import { fileURLToPath } from 'node:url';
          new Queue();
          const file = new URL('./package.json', import.meta.resolve('yocto-queue'));
          export const value = JSON.parse(readFileSync(fileURLToPath(file), 'utf8')).version;`,
        'packages/service/bench/crawl.overlap.js': experiment('@own/crawler'),
      });
      const service = join(top, 'packages/service');
      const install = () => {
        run(top, name, 'install', ...add);
        repositories.install(service);
      };
      if (name !== 'yarn') run(top, 'rm', 'yarn.lock');
      install();
      commit(top, 'with a lock file');
      writeFiles(top, {
        'packages/crawler/index.js': 'export const crawlAll = null;\nexport const value = 2;\n',
      });
      const both = (module: string) =>
        openFor(service, 'HEAD', ({ before, after: now }) => {
          releases.push([valueIn(before.directory, module), valueIn(now.directory, module)]);
        });
      const releases: string[][] = [];
      await both('@own/crawler');
      await both('./queue.js');
      writeFiles(top, workspace('1.2.2', sibling));
      install();
      await both('@own/crawler');
      await both('./queue.js');
      assert.deepEqual(releases, [
        ['1', '2'],
        ['1.1.0', '1.1.0'],
        ['1', '2'],
        ['1.1.0', '1.2.2'],
      ]);
      assert.deepEqual(leftOf(top), []);
    } finally {
      for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
      Object.assign(process.env, before);
    }
  });
