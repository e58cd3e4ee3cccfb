import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { plain } from '../../../harness/findings/general.ts';
import { exporterOf, findExportFormats, formatNames } from '../../../harness/report/export-formats.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const formats = await findExportFormats();
const records = [madeUpRecord(TENFOLD)];
const few = [madeUpRecord(TENFOLD.slice(0, 2))];
const exported = (format: string, given = records) =>
  exporterOf(formats, format)!(
    summarise(given, () => ({ finding: () => plain('Faster.') })),
    given,
  );

/** As https://github.com/benchmark-action/github-action-benchmark documents its custom tools. */
const GithubEntries = Type.Array(
  Type.Object(
    {
      name: Type.String(),
      unit: Type.String(),
      value: Type.Number(),
      range: Type.Optional(Type.String()),
      extra: Type.Optional(Type.String()),
    },
    { additionalProperties: false },
  ),
);
/** As https://bencher.dev/docs/reference/bencher-metric-format/ documents it. */
const BencherFormat = Type.Record(
  Type.String(),
  Type.Record(
    Type.String(),
    Type.Object(
      {
        value: Type.Number(),
        lower_value: Type.Optional(Type.Number()),
        upper_value: Type.Optional(Type.Number()),
      },
      { additionalProperties: false },
    ),
  ),
);
/** As hyperfine's --export-json writes it, without what only commands have. */
const HyperfineFormat = Type.Object({
  results: Type.Array(
    Type.Object({
      command: Type.String(),
      mean: Type.Number(),
      stddev: Type.Union([Type.Number(), Type.Null()]),
      median: Type.Number(),
      min: Type.Number(),
      max: Type.Number(),
      times: Type.Array(Type.Number()),
    }),
  ),
});

for (const [format, schema] of [
  ['customBiggerIsBetter', GithubEntries],
  ['customSmallerIsBetter', GithubEntries],
  ['bencher', BencherFormat],
  ['hyperfine', HyperfineFormat],
] as const)
  test(`${format} fits its documented schema, with intervals and without`, () => {
    for (const given of [records, few]) assert.ok(Value.Check(schema, JSON.parse(exported(format, given))));
  });

test('speedups leave the baseline out, times have it', () => {
  const names = (format: string) => JSON.parse(exported(format)).map(({ name }: { name: string }) => name);
  assert.deepEqual(names('customBiggerIsBetter'), ['crawl/promise-all']);
  assert.deepEqual(names('customSmallerIsBetter'), ['crawl/serial', 'crawl/promise-all']);
});

test('Bencher gets ns, with the ends of the interval around the value', () => {
  const { latency, speedup } = JSON.parse(exported('bencher'))['crawl/promise-all'];
  assert.ok(Math.abs(latency.value / 9.77e6 - 1) < 0.02);
  assert.ok(latency.lower_value <= latency.value && latency.value <= latency.upper_value);
  assert.ok(speedup.lower_value >= 10 && speedup.upper_value <= 10.5);
});

test('Go text has a line for each round that benchstat can read', () => {
  const text = exported('benchstat').trim().split('\n');
  const results = text.filter((line) => line.startsWith('Benchmark'));
  assert.equal(results.length, 2 * TENFOLD.length);
  for (const line of results) assert.match(line, /^Benchmark[A-Z]\S* 1 \d+ ns\/op$/);
  assert.ok(text.includes('BenchmarkCrawl/serial 1 100000000 ns/op'));
});

test("the tools' own names work, in capitals or not, and the earlier ones", () => {
  for (const [name, same] of [
    ['Bencher', 'bencher'],
    ['go', 'benchstat'],
    ['github-action-benchmark', 'customBiggerIsBetter'],
    ['github-speedups', 'customBiggerIsBetter'],
    ['github-times', 'customSmallerIsBetter'],
    ['custombiggerisbetter', 'customBiggerIsBetter'],
  ] as const)
    assert.equal(exported(name), exported(same), name);
  for (const name of formatNames(formats)) assert.ok(exporterOf(formats, name) !== undefined, name);
  for (const name of ['', 'toString', 'junit']) assert.equal(exporterOf(formats, name), undefined, name);
});

const scratch = mkdtempSync(join(tmpdir(), 'overlap-formats-'));
after(() => rmSync(scratch, { recursive: true }));
const declaring = (names: string, text: string) =>
  `export default { names: ${names}, help: 'made up', export: () => '${text}' };`;

test('a format is one file of the folder, and one that is wrong is told in a sentence', async () => {
  const folderWith = (files: Readonly<Record<string, string>>) => {
    const folder = mkdtempSync(join(scratch, 'exports-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };
  const two = { 'one.js': declaring("['one', 'first']", '1'), 'two.ts': declaring("['Two']", '2') };
  const found = await findExportFormats(folderWith({ ...two, 'notes.md': 'Nothing.' }));
  assert.deepEqual(formatNames(found), ['one', 'Two', 'first']);
  assert.equal(
    exporterOf(found, 'two')!(
      summarise([], () => undefined),
      [],
    ),
    '2',
  );

  await assert.rejects(
    findExportFormats(folderWith({ ...two, 'three.ts': declaring("['ONE']", '3') })),
    /^Error: Two files are the export format "one", \S+one\.js and \S+three\.ts; rename one\.$/,
  );
  for (const wrong of ['export const format = 1;', declaring('[]', ''), "export default { names: ['a'] };"])
    await assert.rejects(
      findExportFormats(folderWith({ 'wrong.ts': wrong })),
      /^Error: \S+wrong\.ts has no export format as its default export; one has names, help and export\.$/,
    );
});
