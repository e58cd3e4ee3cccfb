/** Throughput of a system at some concurrency. */
export interface Load {
  /** How many requests are in flight. */
  readonly inFlight: number;
  readonly perSecond: number;
}

/** The Universal Scalability Law with its coefficients. */
export interface Scalability {
  /** Throughput of one request at a time, a second. */
  readonly lambda: number;
  /** Contention: the share of the work that cannot run in parallel. */
  readonly sigma: number;
  /** Crosstalk: the cost of each pair in flight. */
  readonly kappa: number;
  /** Root mean square of (fitted / measured - 1). */
  readonly relativeError: number;
  /** Fitted throughput, a second. */
  at(inFlight: number): number;
}

/**
 * Fits the Universal Scalability Law X(n) = lambda n / (1 + sigma (n - 1) + kappa n (n - 1)) to measured throughput
 * (N. J. Gunther, Guerrilla Capacity Planning, 2007). n / X is linear in 1, n - 1 and n (n - 1), so least squares of
 * relative errors suffice; a negative coefficient is set to 0.
 *
 * @param loads at least one, all figures positive
 * @throws RangeError without loads
 */
export function fitScalability(loads: readonly Load[]): Scalability {
  if (loads.length === 0) throw new RangeError('A fit needs at least one load.');
  const fits = [[0, 1, 2], [0, 1], [0, 2], [0]]
    .filter((terms) => terms.length <= loads.length)
    .flatMap((terms) => fitTerms(loads, terms));
  const best = fits.toSorted((one, other) => one.relativeError - other.relativeError)[0];
  if (best === undefined) throw new RangeError('A fit needs loads that differ.');
  return best;
}

const TERMS = [() => 1, (n: number) => n - 1, (n: number) => n * (n - 1)];

/** The fit with these terms only; an empty list if a coefficient is negative or undetermined. */
function fitTerms(loads: readonly Load[], terms: readonly number[]): Scalability[] {
  // Dividing each equation by n / X makes the errors relative.
  const rows = loads.map(({ inFlight, perSecond }) =>
    terms.map((term) => (TERMS[term]!(inFlight) * perSecond) / inFlight),
  );
  const normal = terms.map((_, one) => [
    ...terms.map((__, other) => rows.reduce((sum, row) => sum + row[one]! * row[other]!, 0)),
    rows.reduce((sum, row) => sum + row[one]!, 0),
  ]);
  const solution = solve(normal);
  if (solution === null || solution.some((value) => value < 0) || !(solution[0]! > 0)) return [];
  const coefficient = (term: number) => (terms.includes(term) ? solution[terms.indexOf(term)]! : 0);
  const lambda = 1 / coefficient(0);
  const [sigma, kappa] = [coefficient(1) * lambda, coefficient(2) * lambda];
  const at = (n: number) => (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
  const squares = loads.map(({ inFlight, perSecond }) => (at(inFlight) / perSecond - 1) ** 2);
  const relativeError = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / loads.length);
  return [{ lambda, sigma, kappa, relativeError, at }];
}

/** Solves linear equations, each a list of its coefficients and its right side, by elimination with pivots. */
function solve(equations: readonly (readonly number[])[]): number[] | null {
  const left = equations.map((row) => [...row]);
  const size = left.length;
  for (let column = 0; column < size; column++) {
    const pivot = left
      .slice(column)
      .reduce((best, row) => (Math.abs(row[column]!) > Math.abs(best[column]!) ? row : best));
    if (Math.abs(pivot[column]!) < 1e-12) return null;
    left.splice(left.indexOf(pivot), 1);
    left.splice(column, 0, pivot);
    for (const row of left) {
      if (row === pivot) continue;
      const factor = row[column]! / pivot[column]!;
      for (let index = column; index <= size; index++) row[index]! -= factor * pivot[index]!;
    }
  }
  return left.map((row, index) => row[size]! / row[index]!);
}
