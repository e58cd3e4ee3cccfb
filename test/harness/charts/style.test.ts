import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inkOn, PALETTES } from '../../../harness/charts/palette.ts';
import { titleLines } from '../../../harness/charts/style.ts';

const channels = (colour: string) =>
  [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as [number, number, number];
const linear = (share: number) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
const luminance = (colour: string) => {
  const [red, green, blue] = channels(colour).map(linear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
/** WCAG 2.2. */
const contrast = (one: string, other: string) => {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

/** Rows of the matrices by Machado, Oliveira and Fernandes (2009) for complete blindness, on linear RGB. */
const BLINDNESS: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
};

/** As somebody sees it, in CIE L*a*b*, whose distances are those of perception. */
function seenBy(matrix: readonly (readonly number[])[], colour: string): [number, number, number] {
  const own = channels(colour).map(linear);
  const [red, green, blue] = matrix.map((row) =>
    Math.min(
      1,
      Math.max(
        0,
        row.reduce((sum, factor, index) => sum + factor * own[index]!, 0),
      ),
    ),
  ) as [number, number, number];
  const cubic = (value: number) =>
    value > 216 / 24389 ? Math.cbrt(value) : (value * 24389) / 27 / 116 + 16 / 116;
  const x = cubic((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
  const y = cubic(0.2126 * red + 0.7152 * green + 0.0722 * blue);
  const z = cubic((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

for (const scheme of ['light', 'dark'] as const) {
  test(`${scheme}: words, and numbers on bars, have the contrast that WCAG asks for`, () => {
    const palette = PALETTES[scheme];
    for (const colour of [palette.ink, palette.muted])
      assert.ok(contrast(colour, palette.paper) >= 4.5, colour);
    for (const colour of palette.variants) assert.ok(contrast(inkOn(colour), colour) >= 4.5, colour);
  });

  test(`${scheme}: bars stand out from the paper`, () => {
    const palette = PALETTES[scheme];
    // Yellowish orange, sky blue and pink are paler than the 3 that WCAG asks for of graphics, and have numbers beside them.
    for (const colour of [...palette.variants, palette.peer])
      assert.ok(contrast(colour, palette.paper) >= 2.1, colour);
  });

  for (const [name, matrix] of Object.entries(BLINDNESS))
    test(`${scheme}: no two variants look the same with ${name}`, () => {
      const palette = PALETTES[scheme];
      for (const [index, one] of palette.variants.entries())
        for (const other of palette.variants.slice(index + 1)) {
          const [a, b] = [seenBy(matrix, one), seenBy(matrix, other)];
          const distance = Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
          // 2.3 is a difference that is just noticed.
          assert.ok(distance > 8, `${one} and ${other}: ${distance.toFixed(1)}`);
        }
    });
}

test('a title has at most three lines: a longer one is cut to its first sentence', () => {
  const sentence =
    'This sentence is about as long as one line of a title can be, and says what there is to see.';
  assert.ok(titleLines(`${sentence} ${sentence}`, '').title.length <= 3);
  const long = Array.from({ length: 6 }, () => sentence).join(' ');
  assert.deepEqual(titleLines(long, ''), titleLines(sentence, ''));
});
