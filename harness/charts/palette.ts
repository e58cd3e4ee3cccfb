/** The colours of pictures, on white paper or on a dark screen. */
import type { RowVerdict } from '../report/comparison/comparison.ts';

/** The colours of a picture, on white paper or on a dark screen. */
export interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  /** Lines behind the measured data. */
  readonly faint: string;
  /** The colour of peers' bars. */
  readonly peer: string;
  /** The colours of a row's change between two runs. */
  readonly verdicts: Readonly<Record<RowVerdict, string>>;
  /** CPU work, which must stand out from every variant's own colour. */
  readonly compute: string;
  readonly computeName: string;
  /** Okabe and Ito's colours, which colour-blind readers can distinguish; a variant has the colour of its place. */
  readonly variants: readonly string[];
}

export const PALETTES = {
  light: {
    paper: '#ffffff',
    ink: '#222222',
    muted: '#555555',
    grid: '#e4e4e4',
    faint: '#b0b0b0',
    peer: '#8c8c8c',
    verdicts: {
      regressed: '#d55e00',
      improved: '#009e73',
      unchanged: '#222222',
      inconclusive: '#b0b0b0',
      'not confirmed': '#b0b0b0',
    },
    compute: '#000000',
    computeName: 'Black',
    variants: ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#6b4f00', '#555555'],
  },
  dark: {
    paper: '#16181c',
    ink: '#e9eaec',
    muted: '#a9aeb6',
    grid: '#383c44',
    faint: '#6d727b',
    peer: '#9a9a9a',
    verdicts: {
      regressed: '#f07a2a',
      improved: '#1fb58c',
      unchanged: '#e9eaec',
      inconclusive: '#6d727b',
      'not confirmed': '#6d727b',
    },
    compute: '#ffffff',
    computeName: 'White',
    variants: ['#3d9fdc', '#e69f00', '#1fb58c', '#e093bd', '#7cc8f2', '#f07a2a', '#f0e442', '#8a8f98'],
  },
} satisfies Record<string, Palette>;

/** How often the colours were used up before this place. */
export function roundOfColours(place: number, palette: Palette): number {
  return Math.floor(place / palette.variants.length);
}

/** The colour for a place in a list. */
export function colourOf(place: number, palette: Palette): string {
  return palette.variants[place % palette.variants.length]!;
}

/** Black or white, depending on which is easier to read on a colour, given as #rrggbb. */
export function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    // WCAG 2.2, relative luminance.
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000';
}
