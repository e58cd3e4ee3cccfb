/** Figures and sentences as people read them. */

/** Tables and sentences keep within so many columns. */
export const TERMINAL_WIDTH = 80;

/** Milliseconds as people read them: `5.00 ns`, `1.40 µs`, `12.3 ms`, `1.04 s`. */
export function formatTime(timeMs: number): string {
  if (timeMs > 0 && timeMs < 0.000_01) return `${threeDigits(timeMs * 1e6)} ns`;
  if (timeMs > 0 && timeMs < 0.01) return `${threeDigits(timeMs * 1000)} µs`;
  // What would round to 1000 ms is a second.
  return timeMs < 999.5 ? `${threeDigits(timeMs)} ms` : `${threeDigits(timeMs / 1000)} s`;
}

/** A ratio as {@link ratioDigits} has it, with the sign of one: `9.61x`, `1/2390x`. */
export function formatRatio(ratio: number): string {
  return `${ratioDigits(ratio)}x`;
}

/** A ratio above 0 with three digits, and one below a hundredth as a fraction, since nobody counts zeros: `9.61`, `1/2390`. */
export function ratioDigits(ratio: number): string {
  return ratio < 0.01 ? `1/${Number((1 / ratio).toPrecision(3))}` : threeDigits(ratio);
}

/** Three digits, or whole where that takes more: `9.61`, `678`. */
export function threeDigits(figure: number): string {
  return Math.abs(figure) < 100 ? signedDigits(figure.toPrecision(3)) : figure.toFixed(0);
}

/** So many digits after the point, and never minus zero. */
export function fixedDigits(figure: number, digits: number): string {
  return signedDigits(figure.toFixed(digits));
}

/** What rounds to zero has no sign. */
function signedDigits(digits: string): string {
  return /^-[0.]+$/.test(digits) ? digits.slice(1) : digits;
}

/** What may follow a number, and belongs to it. */
const UNIT = '(?:%|ms|s|µs|ns|B|KiB|MiB)(?!\\w)';
const BETWEEN_WORDS = new RegExp(` (?!${UNIT})`);
const BEFORE_UNIT = new RegExp(`(?<=\\d) (?=${UNIT})`, 'g');

/**
 * Breaks a sentence into lines, where its words allow; a unit stays with its number.
 *
 * @param width of a line at most, in characters, or in whatever `measure` measures
 */
export function wrapText(
  text: string,
  width: number,
  measure: (part: string) => number = (part) => part.length,
): string[] {
  const lines: string[] = [];
  for (const word of text.split(BETWEEN_WORDS)) {
    const last = lines.at(-1);
    if (last === undefined || measure(`${last} ${word}`) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A sentence for whoever breaks lines without us: a space that never breaks stands between a number and its unit. */
export function keepUnits(text: string): string {
  return text.replace(BEFORE_UNIT, '\u00a0');
}

/**
 * A metric as people read it, by the unit at the end of its name: `Ms` is a time, `Bytes` a size, `Share` a
 * percentage; anything else is a number. A dash where there is none.
 */
export function formatMetric(name: string, value: number | undefined): string {
  if (value === undefined) return '-';
  if (name.endsWith('Ms')) return formatTime(value);
  if (name.endsWith('Bytes')) return formatSize(value);
  if (name.endsWith('Share')) return `${fixedDigits(value * 100, 1)} %`;
  return Number.isInteger(value) ? String(value) : threeDigits(value);
}

function formatSize(bytes: number): string {
  // What would round to 1024 is one of the next unit.
  const [size, limit] = [Math.abs(bytes), 1023.5];
  if (size < limit) return `${fixedDigits(bytes, 0)} B`;
  return size < limit * 1024 ? `${threeDigits(bytes / 1024)} KiB` : `${threeDigits(bytes / 1024 ** 2)} MiB`;
}

/** Names from the widest to the narrowest, of which some may be empty: an experiment, its group, a variant. */
export function joinNames(names: readonly string[], separator: string): string {
  return names.filter((name) => name !== '').join(separator);
}

/** The finding that a report begins with: that of the crawl, or of the first experiment that has one. */
export function headlineOf(
  experiments: readonly { readonly id: string; readonly finding: string }[],
): string {
  const told = experiments.filter(({ finding }) => finding !== '');
  const [first] = [...told.filter(({ id }) => id === 'crawl'), ...told];
  return first?.finding ?? 'Nothing was measured.';
}
