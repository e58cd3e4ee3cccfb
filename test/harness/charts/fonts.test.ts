import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawable } from '../../../harness/charts/fonts.ts';

test('text in shipped fonts stays unchanged', () => {
  const text = 'semaphore@100 † 1.2 µs, 95 % – Ωλ Ждж ħ ệ „quoted“';
  assert.equal(drawable(text), text);
});

test('a character that no font has is named instead of drawn as an empty box', () => {
  assert.equal(drawable('a\u{10fffd}b'), 'aU+10FFFDb');
  assert.equal(drawable('\ue123'), 'U+E123');
});

test('texts are found at any depth, and other values stay unchanged', () => {
  const draw = () => 1;
  const given = { labels: ['\ue123', 2], nested: { text: ['x', '\ue123'] }, draw, none: null };
  const { draw: kept, ...rest } = drawable(given);
  assert.equal(kept, draw);
  assert.deepEqual(rest, { labels: ['U+E123', 2], nested: { text: ['x', 'U+E123'] }, none: null });
});
