import assert from 'node:assert/strict';
import { test } from 'node:test';
import crawl from '../../benchmarks/crawl.ts';
import { summarise } from '../../harness/report/summary.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';

const findingOf = (...parameters: Parameters<typeof madeUpRecord>) =>
  summarise([madeUpRecord(...parameters)], () => crawl).experiments[0]!.finding!;

test('the finding names the fastest, and its interval in the details', () => {
  const { headline, short, details } = findingOf(TENFOLD);
  assert.equal(headline, 'promise-all is 10.2x as fast as serial.');
  assert.equal(short, 'promise-all is 10.2x as fast as serial');
  assert.match(details[0]!, /^It is 10\.2x as fast \(10\.0 to 10\.5\), at 90 % of its bound\.$/);
});

test('the finding says so where nothing is faster', () => {
  const equal = TENFOLD.map(([ms], index) => [ms, ms * (index % 2 === 0 ? 1.01 : 0.99)] as const);
  assert.deepEqual(findingOf(equal), {
    headline: 'No row is proven to be faster than its baseline.',
    short: 'No row is proven to be faster than its baseline',
    details: [],
  });
});

test('the finding claims nothing on too few rounds', () => {
  const { headline, details } = findingOf(TENFOLD.slice(0, 3));
  assert.equal(headline, 'Nothing is proven by 3 rounds: run at least 6.');
  assert.deepEqual(details, ['Seen, but not proven: promise-all at 10.1x the speed of its baseline.']);
});
