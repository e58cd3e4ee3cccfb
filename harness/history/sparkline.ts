const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** The least range of a picture, on logarithms: 10 %, so that noise does not look like a change. */
const LEAST_RANGE = 0.1;

/** The last values as bars of text; the lowest is that of the smallest. */
export function sparkline(values: readonly number[], width = 20): string {
  const shown = values.slice(-width);
  const [least, most] = [Math.min(...shown), Math.max(...shown)];
  const range = Math.max(LEAST_RANGE, most - least);
  const middle = (least + most) / 2;
  return shown
    .map((value) => BARS[Math.min(7, Math.max(0, Math.floor(((value - middle) / range + 0.5) * 8)))])
    .join('');
}
