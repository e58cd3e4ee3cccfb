import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LONGEST } from '../../harness/findings/longest.ts';
import { warningText } from '../../harness/findings/warnings.ts';
import type { Words } from '../../harness/record/schema.ts';
import { ownBenchmarks } from '../fixtures/own-benchmarks.ts';
import { catalog } from '../fixtures/project.ts';
import { type Proof, randomRows } from '../fixtures/random-rows.ts';
import { wordsOfRows } from '../fixtures/words.ts';

const RUNS = 300;
const MOST_WORDS = 25;

/** Calls `hold` with what an experiment says of many made-up runs. */
function forRuns(entry: (typeof catalog)[number], proof: Proof, hold: (words: Words) => void): void {
  for (const profile of Object.keys(entry.experiment.profiles))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
        const { words, faults } = wordsOfRows(entry, randomRows(entry, profile, seed, proof));
        assert.deepEqual(faults.map(warningText), []);
        hold(words);
      }),
      // Another seed is no smaller one.
      { seed: 1, numRuns: RUNS, endOnFailure: true },
    );
}

const sentencesOf = (text: string) => text.split(/(?<=[.?])\s+/);
const textsOf = ({ finding, peersFinding, chartTitles }: Words) => [
  finding!.headline,
  finding!.short,
  ...finding!.details,
  peersFinding,
  ...Object.values(chartTitles),
];

function assertPlain(text: string): void {
  assert.doesNotMatch(text, /NaN|undefined|null|Infinity/);
  assert.doesNotMatch(text, /(?<![\w.])-0(?!\.?\d*[1-9])/, 'minus zero');
  assert.doesNotMatch(
    text,
    /(?<![\d.,])1 (?!of)\w+s\b(?<!\b(is|was|has|ms|does|takes|starts|s))/,
    'one of many',
  );
  assert.doesNotMatch(text, /\(\s*\)|\s[.,;:)]|\(\s| {2}|\.\.|;\.|\)\)/, 'punctuation');
  for (const [interval] of text.matchAll(/\(\S+ to \S+?\)/g))
    assert.match(
      text.slice(0, text.indexOf(interval)),
      /\d(x|x as fast|x as long)? $/,
      'the number comes before its interval',
    );
}

function assertShort(sentence: string): void {
  const words = sentence.split(/\s+/).filter((word) => /\w/.test(word));
  assert.ok(words.length <= MOST_WORDS, `${words.length} words: ${sentence}`);
}

for (const entry of [...catalog, ...ownBenchmarks]) {
  test(`${entry.id}: whatever was measured, its words fit and are plain sentences`, () => {
    forRuns(entry, 'any', (words) => {
      const { headline, short, details } = words.finding!;
      assert.match(headline, /^\S.*[.?]$/);
      assert.ok(headline.length <= LONGEST.headline, headline);
      assert.match(short, /^\S.*[^.?\s]$/);
      assert.ok(short.length <= LONGEST.short, short);
      assert.ok(details.length <= LONGEST.details, details.join('\n'));
      for (const detail of details) assert.match(detail, /^\S.*\.$/);
      for (const title of Object.values(words.chartTitles)) {
        assert.match(title, /^\S.*[.?]$/);
        assert.ok(title.length <= LONGEST.headline, title);
      }
      for (const text of textsOf(words)) {
        assertPlain(text);
        for (const sentence of sentencesOf(text)) assertShort(sentence);
      }
    });
  });

  for (const [proof, where] of [
    ['tied', 'everything is tied'],
    ['unmeasured', 'nothing has an interval'],
  ] as const)
    test(`${entry.id}: no sentence claims a gain where ${where}`, () => {
      forRuns(entry, proof, (words) => {
        for (const text of textsOf(words))
          for (const sentence of sentencesOf(text)) assert.ok(!claimsGain(sentence), sentence);
      });
    });
}

/** What says that there is nothing, or that it is not proven, claims nothing. */
const CLAIMS_NOTHING = /\b(not|no|nothing|unproven|tied)\b/i;
const GAIN =
  /\b(faster|fastest|slower|slowest|closer|cheapest|gain\w*|help\w*)\b|x as (fast|long)|has all|^(use|stop|save|keep|yield|limit|least|most)\b/i;

function claimsGain(sentence: string): boolean {
  return GAIN.test(sentence) && !CLAIMS_NOTHING.test(sentence);
}

test('what claims a gain is told from what does not', () => {
  for (const claim of [
    'promise-all is 685x as fast as serial.',
    'Use undici dispatch.',
    'stop at 15 requests in flight',
    'It is faster than aiohttp: 1.02x (1.01 to 1.03).',
    'Chunks take 2.80x as long (2.80 to 2.81) as p-limit.',
    'Least overhead with 100 idle tasks: chunks, 1.00 µs a task.',
    'SQLite gains little from Promise.all: 1.01x.',
  ])
    assert.ok(claimsGain(claim), claim);
  for (const none of [
    'No row is proven to be faster than its baseline.',
    'one kept connection is tied with its baseline at 1.00x (0.900 to 1.10).',
    'pg@5 is 5.00x as fast, unproven.',
    'semaphore@100 8.00x, unproven',
  ])
    assert.ok(!claimsGain(none), none);
});
