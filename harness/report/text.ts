/** Formats names and sentences. */

/** The width of tables and sentences, in columns. */
export const TERMINAL_WIDTH = 80;

/** The units that must stay with their number. */
const UNIT = '(?:%|ms|s|µs|ns|B|KiB|MiB)(?!\\w)';
const BETWEEN_WORDS = new RegExp(` (?!${UNIT})`);
const BEFORE_UNIT = new RegExp(`(?<=\\d) (?=${UNIT})`, 'g');

/**
 * Breaks a sentence into lines between words; a unit stays with its number.
 *
 * @param width the most width of a line, in characters, or in the unit of `measure`
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

/** A sentence for a browser, with non-breaking spaces between numbers and units. */
export function keepUnits(text: string): string {
  return text.replace(BEFORE_UNIT, '\u00a0');
}

/** Joins names from the widest to the narrowest, without empty ones: an experiment, its group, a variant. */
export function joinNames(names: readonly string[], separator: string): string {
  return names.filter((name) => name !== '').join(separator);
}

/** The answer at the top of a report: that of the first experiment with an answer. */
export function headlineOf(
  experiments: readonly { readonly finding: { readonly headline: string } | null }[],
): string {
  return experiments.find(({ finding }) => finding !== null)?.finding?.headline ?? 'Nothing was measured.';
}
