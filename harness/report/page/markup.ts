/** A text that is already HTML. */
export interface Markup {
  readonly text: string;
}

type Part = string | number | Markup | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A piece of HTML; inserted values are escaped, unless they are markup. */
export function html(pieces: TemplateStringsArray, ...values: Part[]): Markup {
  return raw(pieces.map((piece, index) => piece + textOf(values[index] ?? '')).join(''));
}

/** Declares a text to be safe HTML. */
export function raw(text: string): Markup {
  return { text };
}

function textOf(part: Part): string {
  if (typeof part === 'string' || typeof part === 'number')
    return String(part).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
  return 'text' in part ? part.text : part.map(textOf).join('');
}
