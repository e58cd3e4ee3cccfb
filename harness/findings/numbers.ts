/** Formats numbers: each kind has one format in tables, sentences and charts. */
import type { Estimate, Unit } from '../model/row.ts';

/** Milliseconds: `5.00 ns`, `1.40 µs`, `12.3 ms`, `1.04 s`. */
export function formatTime(timeMs: number): string {
  if (timeMs > 0 && timeMs < 0.000_01) return `${threeDigits(timeMs * 1e6)} ns`;
  if (timeMs > 0 && timeMs < 0.01) return `${threeDigits(timeMs * 1000)} µs`;
  // A time that would round to 1000 ms is written in seconds.
  return timeMs < 999.5 ? `${threeDigits(timeMs)} ms` : `${threeDigits(timeMs / 1000)} s`;
}

/** A ratio in the format of {@link ratioDigits} with an x: `9.61x`, `1/2390x`. */
export function formatRatio(ratio: number): string {
  return `${ratioDigits(ratio)}x`;
}

/** A ratio above 0 with three digits, or below a hundredth as a fraction, which is easier to read: `9.61`, `1/2390`. */
export function ratioDigits(ratio: number): string {
  return ratio < 0.01 ? `1/${Number((1 / ratio).toPrecision(3))}` : threeDigits(ratio);
}

/** A share from 0 to 1: `98 %`, or with digits after the point. */
export function formatShare(share: number, digits = 0): string {
  return `${fixedDigits(share * 100, digits)} %`;
}

/** Three digits, or a whole number if that has more: `9.61`, `678`. */
export function threeDigits(figure: number): string {
  return Math.abs(figure) < 100 ? signedDigits(figure.toPrecision(3)) : figure.toFixed(0);
}

/** A number with this many digits after the point, and never minus zero. */
export function fixedDigits(figure: number, digits: number): string {
  return signedDigits(figure.toFixed(digits));
}

/** A ratio, in words if there are some, with its 95 % interval if it has one: `2.80x as long (2.71 to 2.89)`. */
export function ratioWithInterval({ value, low, high }: Estimate, words = ''): string {
  const interval = low === null || high === null ? '' : ` (${endDigits(low)} to ${endDigits(high)})`;
  return `${formatRatio(value)}${words}${interval}`;
}

/** An end of an interval. An end near 1 decides the verdict, so it has enough digits to show its side of 1. */
function endDigits(ratio: number): string {
  const digits = [3, 4, 5, 6].map((precision) => ratio.toPrecision(precision));
  const apart = Math.abs(ratio - 1) < 0.01 ? digits.find((text) => Number(text) !== 1) : undefined;
  return apart ?? ratioDigits(ratio);
}

/** A figure in its unit; a dash for a missing figure. */
export function formatFigure(unit: Unit, value: number | null | undefined): string {
  if (value === undefined || value === null) return '-';
  if (unit === 'ms') return formatTime(value);
  if (unit === 'bytes') return formatSize(value);
  if (unit === 'share') return formatShare(value, 1);
  return Number.isInteger(value) ? String(value) : threeDigits(value);
}

function formatSize(bytes: number): string {
  // A size that would round to 1024 is written in the next unit.
  const [size, limit] = [Math.abs(bytes), 1023.5];
  if (size < limit) return `${fixedDigits(bytes, 0)} B`;
  return size < limit * 1024 ? `${threeDigits(bytes / 1024)} KiB` : `${threeDigits(bytes / 1024 ** 2)} MiB`;
}

/** Removes the sign of digits that round to zero. */
function signedDigits(digits: string): string {
  return /^-[0.]+$/.test(digits) ? digits.slice(1) : digits;
}
