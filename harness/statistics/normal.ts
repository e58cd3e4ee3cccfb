/**
 * The probability that a standard normal value lies above z, to about 15 digits; simple-statistics has at
 * most 7. Near the middle by the series of Marsaglia, Evaluating the Normal Distribution, Journal of
 * Statistical Software 11(4), 2004; in the tail by Laplace's continued fraction, Abramowitz and
 * Stegun, 26.2.14.
 *
 * @param z from 0
 */
export function normalAbove(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return z < 2 ? 0.5 - density * seriesToMiddle(z) : density / tailFraction(z);
}

/** z + z^3 / 3 + z^5 / (3 * 5) + ..., until a term no longer changes the sum. */
function seriesToMiddle(z: number): number {
  let sum = z;
  let term = z;
  for (let odd = 3; term > sum * Number.EPSILON; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return sum;
}

/** z + 1 / (z + 2 / (z + 3 / (z + ...))): 150 levels are enough for 15 digits from z = 2. */
function tailFraction(z: number): number {
  let fraction = z;
  for (let level = 150; level >= 1; level--) fraction = z + level / fraction;
  return fraction;
}
