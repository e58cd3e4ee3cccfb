import { readFileSync } from 'node:fs';
import { createCanvas, GlobalFonts } from 'canvas';
import { FONT_WEIGHTS, fontFile, fontRanges } from './font-files.ts';
import { FONT_FAMILY, FONT_SCRIPTS, familyOf } from './style.ts';

let registered = false;

/** Registers the shipped font with the canvas once, as one family per script. */
export function registerFonts(): void {
  if (registered) return;
  registered = true;
  for (const script of FONT_SCRIPTS)
    for (const weight of FONT_WEIGHTS)
      GlobalFonts.registerFromPath(fontFile(script, weight, 'woff'), familyOf(script));
}

/**
 * Replaces characters that no font of this machine has by their code points, as in U+4E2D, instead of empty boxes. Works
 * on a text, and on all texts in arrays and plain objects.
 */
export function drawable<Value>(value: Value): Value {
  if (typeof value === 'string') return [...value].map(drawableCharacter).join('') as Value;
  if (Array.isArray(value)) return value.map(drawable) as Value;
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, drawable(part)])) as Value;
}

function drawableCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (isShipped(code) || hasGlyph(character)) return character;
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

let shipped: readonly (readonly [from: number, to: number])[] | undefined;

function isShipped(code: number): boolean {
  shipped ??= shippedRanges();
  return shipped.some(([from, to]) => code >= from && code <= to);
}

function shippedRanges(): (readonly [number, number])[] {
  const ranges = JSON.parse(readFileSync(fontRanges(), 'utf8'));
  return FONT_SCRIPTS.flatMap((script) =>
    (ranges[script] as string).split(',').map((range) => {
      const [from, to = from] = range
        .replace('U+', '')
        .split('-')
        .map((digits) => Number.parseInt(digits, 16));
      return [from!, to!] as const;
    }),
  );
}

/** A character that no font has. */
const NOBODYS_CHARACTER = '\u{10fffd}';
const looks = new Map<string, string>();

/** A canvas does not report missing glyphs, but it draws all of them as the same box. */
function hasGlyph(character: string): boolean {
  return lookOf(character) !== lookOf(NOBODYS_CHARACTER);
}

function lookOf(character: string): string {
  const known = looks.get(character);
  if (known !== undefined) return known;
  registerFonts();
  const context = createCanvas(24, 24).getContext('2d');
  context.font = `16px ${FONT_FAMILY}`;
  context.fillText(character, 2, 18);
  const look = Buffer.from(context.getImageData(0, 0, 24, 24).data).toString('base64');
  looks.set(character, look);
  return look;
}
