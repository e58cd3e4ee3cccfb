import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { experimentOf } from '../../harness/measure/plan/catalog.ts';
import { readRecords, writeRecord } from '../../harness/record/record-files.ts';
import { digestOf } from '../../harness/report/digest.ts';
import { summarise } from '../../harness/report/summary.ts';
import { terminalTable } from '../../harness/report/table.ts';
import type { Main } from '../../scripts/command.ts';
import { callHere } from '../fixtures/command.ts';
import { CHECKS, type Check, checkOf, partsOf } from '../fixtures/documented-commands.ts';
import { commandsOf, filesShownIn } from '../fixtures/markdown.ts';
import { catalog, project } from '../fixtures/project.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';
import { skipSlow } from '../fixtures/slow.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const pages = globSync('{README.md,ARCHITECTURE.md,docs/**/*.md}', { cwd: ROOT }).sort();
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const occurrences = pages.flatMap((page) =>
  commandsOf(read(page)).map((one) => ({ ...one, place: `${page}:${one.line}` })),
);
/** Each command of the pages once, where its output is shown or else where it stands first. */
const shown = new Map(
  occurrences
    .toReversed()
    .toSorted((one, other) => Number(one.output !== '') - Number(other.output !== ''))
    .map((one) => [one.command, one]),
);
const parts = [...new Set([...shown.keys()].flatMap(partsOf))];
const inFiles = [...globSync('.github/workflows/*', { cwd: ROOT }), '.ci/run']
  .flatMap((file) => read(file).split('\n'))
  .filter((line) => /npm run/.test(line) && !/^\s*#/.test(line));

test('commands are found in the pages', () => {
  assert.ok(shown.size > 15, [...shown.keys()].join('\n'));
  assert.ok(parts.includes('npm run bench'));
});

test('every command in the pages has a check, and no check lacks a command', () => {
  for (const { command, place } of shown.values())
    for (const part of partsOf(command))
      assert.ok(
        checkOf(part) !== undefined,
        `${place}: say in test/fixtures/documented-commands.ts how this is checked: ${part}`,
      );
  for (const [pattern, check] of CHECKS)
    if (check.how === 'elsewhere') {
      assert.ok(existsSync(join(ROOT, check.where)), check.where);
      assert.ok(read(check.where).includes(check.holds), `${check.where} does not run ${pattern.source}`);
    }
});

test("where what a script prints goes to a file or a program, npm's own lines do not", () => {
  const passedOn = [...shown.keys(), ...inFiles].filter((line) =>
    /npm run [^|>&]*[|>]|\$\([^)]*npm run/.test(line),
  );
  assert.ok(passedOn.length > 0);
  for (const line of passedOn) assert.match(line, /npm run (-s|--silent) /, line);
});

test('every script that a page names exists, and every option of a command', async () => {
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run (?:-s )?([a-z][\w-]*)((?: [^`\n|#]*)?)/g)].map(
      ([, name = '', rest = '']) => ({ name, rest, page }),
    ),
  );
  assert.ok(named.length > 15);
  const help = new Map<string, string>();
  for (const { name, rest, page } of named) {
    assert.ok(name in scripts, `${page}: npm run ${name}`);
    const file = / (scripts\/\S+\.ts)$/.exec(scripts[name]!)?.[1];
    const [, asked = ''] = /^ -- (.*?)(?: && | > |$)/.exec(rest) ?? [];
    if (file === undefined) continue;
    if (!help.has(name)) {
      const { main }: { main: Main } = await import(pathToFileURL(join(ROOT, file)).href);
      help.set(name, (await callHere(main, '--help')).out);
    }
    for (const [option] of asked.matchAll(/--[a-z][\w-]*/g))
      assert.match(help.get(name)!, new RegExp(`${option}\\b`), `${page}: npm run ${name} has no ${option}`);
  }
});

const scratch = mkdtempSync(join(tmpdir(), 'overlap-documented-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
const copy = join(scratch, 'overlap');

/** Commands find their results beside themselves, so that a copy of all of them has its own. */
before(() => {
  if (skipSlow) return;
  const names = ['authoring', 'benchmarks', 'docs', 'harness', 'play', 'scripts', 'server', 'studies'];
  for (const name of [...names, 'overlap.config.ts', 'package.json', 'README.md'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  // The project of a user, as a page shows it.
  const own = filesShownIn(read('docs/extending.md'), 'ts');
  assert.ok(own.size > 1);
  for (const [path, text] of own) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), text);
  }
});

/** What the commands before may have changed. */
function resetResults(): void {
  rmSync(join(copy, 'results'), { recursive: true, force: true });
  for (const name of ['latest', 'baseline', 'reference', 'compare/before', 'compare/after']) {
    mkdirSync(join(copy, 'results', name), { recursive: true });
    const profile = name === 'reference' ? 'book' : 'quick';
    writeRecord(join(copy, 'results', name), { ...madeUpRecord(TENFOLD), profile });
    cpSync(join(ROOT, 'results/reference/report.html'), join(copy, 'results', name, 'report.html'));
  }
  cpSync(join(ROOT, 'results/book.json'), join(copy, 'results/book.json'));
}

/** What a command prints goes the way it would on a terminal of 80 columns, and a browser is one that is content. */
const env = { ...process.env, NO_COLOR: '1', COLUMNS: '80', BROWSER: 'true' };

function runShell(command: string, exits: readonly number[] = [0]): string {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: copy, encoding: 'utf8', env });
  assert.ok(status !== null && exits.includes(status), `${command} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

/** Starts a command that goes on until it is ended, and waits for the address that it prints. */
async function startShell(command: string) {
  const child = spawn('sh', ['-c', `exec ${command}`], { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  const exited = once(child, 'exit');
  const address = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const [origin] = /https?:\/\/[\w.:[\]]+\d/.exec(said) ?? [];
      if (origin !== undefined) resolve(origin);
    });
    exited.then(() => reject(new Error(`${command} ended: ${said}`)));
  });
  return {
    origin: await address,
    async end() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Starts the script of a command by itself: npm would keep a signal to itself, and a port may be taken. */
function withoutNpmOf(command: string): string {
  const [, name = '', given = ''] = /^npm run (?:-s )?(\S+)(?: -- (.*))?$/.exec(command) ?? [];
  return `${process.execPath} ${scripts[name]!.replace(/^node /, '')} ${given} --port 0`;
}

const outputs = new Map([
  ['bencher.json', (text: string) => assert.ok('crawl/serial' in JSON.parse(text))],
  [
    'new.txt',
    (text: string) => assert.match(text, /^goos: \w+\n[\s\S]*^BenchmarkCrawl\/serial 1 \d+ ns\/op\n/m),
  ],
]);

async function checkCommand(command: string, check: Check): Promise<string> {
  switch (check.how) {
    case 'run': {
      const printed = runShell(check.asRun?.(command) ?? command, check.exits);
      const [, file] = /(?:> |--out )(\S+\.\w+)/.exec(command) ?? [];
      if (file !== undefined) outputs.get(file)?.(readFileSync(join(copy, file), 'utf8'));
      return printed;
    }
    case 'start': {
      const started = await startShell(withoutNpmOf(command));
      try {
        assert.equal((await fetch(`${started.origin}/`)).status, 200);
      } finally {
        await started.end();
      }
      return '';
    }
    case 'ask': {
      const server = await startShell(withoutNpmOf('npm run serve'));
      try {
        return runShell(check.asRun(command, server.origin));
      } finally {
        await server.end();
      }
    }
    case 'help':
      return runShell(`${command.replace(/ -- .*/, '')} -- --help`);
    case 'elsewhere':
      return '';
  }
}

/** Lines as they are in any run: numbers, with their units, are left aside. */
function shapeOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/-?\d[\d.,:/]*(x| ?(?:ms|µs|ns|s|%|KiB|MiB|B)(?!\w))?/g, '#')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '');
}

/** Holds what a page shows against what was printed: each line in this order; a line with `…` stands for any others. */
function assertShown(shownText: string, printed: string, place: string): void {
  const lines = shapeOf(printed);
  let at = 0;
  for (const line of shapeOf(shownText)) {
    if (line.includes('…')) continue;
    const found = lines.indexOf(line, at);
    assert.ok(found !== -1, `${place} shows a line that was not printed: ${line}\n${printed}`);
    at = found + 1;
  }
}

/** What a run in the default profile prints: the tables of experiments that are named, and the digest. */
function quickRunOf(command: string): string {
  const records = readRecords(join(project.results, 'baseline'), project.order);
  const summary = summarise(records, experimentOf(catalog));
  const named = summary.experiments.filter(({ id }) => command.split(' ').includes(id));
  const shownSummary = named.length === 0 ? summary : { ...summary, experiments: named };
  const places = {
    page: { file: 'results/latest/report.html', command: 'npm run report' },
    tables: 'results/latest/summary.md',
    elapsedMs: 1000,
  };
  return [...named.map(terminalTable), ...digestOf(shownSummary, places)].join('\n');
}

const withoutNpm =
  spawnSync('npm', ['--version']).error === undefined ? false : 'there is no npm here, which runs them';
const withoutCurl = spawnSync('curl', ['--version']).error === undefined ? false : 'there is no curl here';

for (const { command, output, place } of [...shown.values()].reverse()) {
  const checks = partsOf(command).map((part) => [part, checkOf(part)] as const);
  const left = checks.flatMap(([, check]) =>
    check?.how === 'elsewhere' ? [`${check.where} runs it: ${check.why}`] : [],
  );
  const skip =
    left.length === checks.length
      ? left.join('; ')
      : skipSlow || withoutNpm || (command.startsWith('curl') && withoutCurl);
  test(`${command} does what is shown of it`, { skip }, async () => {
    resetResults();
    let printed = '';
    for (const [part, check] of checks) if (check !== undefined) printed += await checkCommand(part, check);
    if (output !== '' && !printsQuickRun(command)) assertShown(output, printed, place);
  });
}

for (const { command, output, place } of occurrences)
  if (output !== '' && printsQuickRun(command))
    test(`${place} shows what a run prints`, () => assertShown(output, quickRunOf(command), place));

function printsQuickRun(command: string): boolean {
  const check = checkOf(partsOf(command).at(-1)!);
  return check?.how === 'run' && check.printsQuickRun === true;
}

test('of what is shown, numbers may be others, and nothing else', () => {
  const printed = 'crawl: 12.3x as fast (11.0 to 13.1)\nother\nPage: results/latest\n';
  assertShown('crawl: 9.95x as fast (9 to 10)\n…\nPage: results/latest', printed, 'here');
  assert.throws(() => assertShown('crawl: 9.95x as slow (9 to 10)', printed, 'here'), /was not printed/);
  assert.throws(() => assertShown('other\ncrawl: 1x as fast (1 to 2)', printed, 'here'), /was not printed/);
});

test('commands are found in blocks, with the output that follows', () => {
  const page = [
    '```sh\nnpm ci  # once\nnpm run bench -- \\\n  crawl\n```\n\nIt prints:\n\n```text\nline 1\n\nline 3\n```',
    '    npm run play   # watch\n    what it prints',
    '```console\n$ npm run book\na table\n$ npm run docs\n```',
    '## Else\n\n```text\nno output\n```',
  ].join('\n\n');
  assert.deepEqual(
    commandsOf(page).map(({ command, output, line }) => [command, output, line]),
    [
      ['npm ci', '', 2],
      ['npm run bench -- crawl', 'line 1\n\nline 3', 3],
      ['npm run play', 'what it prints', 15],
      ['npm run book', 'a table', 19],
      ['npm run docs', '', 21],
    ],
  );
});
