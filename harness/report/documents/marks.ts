/** Generates the parts of a Markdown page between marks; text outside of the marks is hand-written. */

/** A page lacks the mark of a part, or has a mark for an unknown part; the message is one sentence. */
export class MarkError extends Error {}

/** Makes one part, from the words after its name in the mark. */
export type Part = (words: readonly string[]) => string;

const MARK = /<!-- npm run docs: ([^\n]+?) -->\n[\s\S]*?<!-- end -->/g;

/** A part between its marks. */
export function marked(mark: string, text: string): string {
  return `<!-- npm run docs: ${mark} -->\n${text === '' ? '' : `${text}\n`}<!-- end -->`;
}

/**
 * Regenerates the marked parts of a page.
 *
 * @param name the name of the page, for messages
 * @param parts by their names; a mark may have further words after the name
 * @param required parts that the page must have
 * @throws MarkError if a required part has no mark, or a mark names an unknown part
 */
export function fillMarks(
  name: string,
  text: string,
  parts: ReadonlyMap<string, Part>,
  required: readonly string[],
): string {
  const seen = new Set<string>();
  const filled = text.replace(MARK, (_, mark: string) => {
    const [part = '', ...words] = mark.split(/\s+/);
    const make = parts.get(part);
    if (make === undefined)
      throw new MarkError(
        `${name} has a mark for the part "${part}", which does not exist; there is ${[...parts.keys()].join(', ')}.`,
      );
    seen.add(part);
    return marked(mark, make(words));
  });
  const missing = required.filter((part) => !seen.has(part));
  if (missing.length === 0) return filled;
  throw new MarkError(`${name} lacks the marks of ${missing.join(', ')}: ${marked(missing[0]!, '…')}`);
}
