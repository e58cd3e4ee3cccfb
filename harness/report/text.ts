/** Names and sentences as people read them. */

/** The width of tables and sentences, in columns. */
export const TERMINAL_WIDTH = 80;

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

/** A sentence whose lines a browser breaks: a space that never breaks stands between a number and its unit. */
export function keepUnits(text: string): string {
  return text.replace(BEFORE_UNIT, '\u00a0');
}

/** Names from the widest to the narrowest, of which some may be empty: an experiment, its group, a variant. */
export function joinNames(names: readonly string[], separator: string): string {
  return names.filter((name) => name !== '').join(separator);
}

/** The answer that a report begins with: that of the first experiment that has one. */
export function headlineOf(
  experiments: readonly { readonly finding: { readonly headline: string } | null }[],
): string {
  return experiments.find(({ finding }) => finding !== null)?.finding?.headline ?? 'Nothing was measured.';
}
