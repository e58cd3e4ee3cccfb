import { fileURLToPath } from 'node:url';

/** A line of a file. */
export interface ErrorPlace {
  /** Its absolute path. */
  readonly file: string;
  readonly line: number;
}

/** Where an error is, by its stack: the first place in a file outside of Node and of packages; undefined without one. */
export function placeOfError({ stack = '' }: Pick<Error, 'stack'>): ErrorPlace | undefined {
  for (const text of stack.split('\n')) {
    // As in `at run (file:///src/crawl.ts:12:5)`, or a line that is nothing but the place.
    const [, url, line] =
      /(?:^|[\s(])((?:file:\/\/)?\/[^()]+?|[A-Z]:\\[^()]+?):(\d+)(?::\d+)?\)?$/.exec(text) ?? [];
    if (url === undefined || /[\\/]node_modules[\\/]/.test(url)) continue;
    return { file: url.startsWith('file:') ? fileURLToPath(url) : url, line: Number(line) };
  }
  return undefined;
}
