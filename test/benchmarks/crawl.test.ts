import assert from 'node:assert/strict';
import { test } from 'node:test';
import crawl from '../../benchmarks/crawl.ts';
import { summarise } from '../../harness/report/summary.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';

const findingOf = (...parameters: Parameters<typeof madeUpRecord>) =>
  summarise([madeUpRecord(...parameters)], () => crawl).experiments[0]!.finding;

test('the finding names the fastest with its interval', () => {
  assert.match(findingOf(TENFOLD), /^promise-all crawled 10\.2 times as fast .*10\.0 to 10\.5.*90 % of what/);
});

test('the finding says so where nothing is faster', () => {
  const equal = TENFOLD.map(([ms], index) => [ms, ms * (index % 2 === 0 ? 1.01 : 0.99)] as const);
  assert.match(findingOf(equal), /No strategy was measurably faster/);
});

test('the finding claims nothing on too few rounds', () => {
  assert.match(findingOf(TENFOLD.slice(0, 3)), /Too few rounds/);
});
