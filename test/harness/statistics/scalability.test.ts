import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitScalability } from '../../../harness/statistics/scalability.ts';

const law = (lambda: number, sigma: number, kappa: number) => (n: number) =>
  (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
const loads = (at: (n: number) => number) =>
  [1, 2, 4, 8, 16, 32, 64, 128].map((inFlight) => ({ inFlight, perSecond: at(inFlight) }));

test('coefficients come back from throughput that follows the law', () => {
  const share = (max: number) => fc.double({ min: 0, max, noNaN: true });
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 1000, noNaN: true }),
      share(0.5),
      share(0.01),
      (lambda, sigma, kappa) => {
        const fit = fitScalability(loads(law(lambda, sigma, kappa)));
        assert.ok(Math.abs(fit.lambda / lambda - 1) < 1e-6);
        assert.ok(Math.abs(fit.sigma - sigma) < 1e-6);
        assert.ok(Math.abs(fit.kappa - kappa) < 1e-8);
        assert.ok(fit.relativeError < 1e-6);
      },
    ),
  );
});

test('throughput that grows faster than the concurrency gives no negative coefficient', () => {
  const fit = fitScalability(loads((n) => n ** 1.2));
  assert.ok(fit.sigma >= 0 && fit.kappa >= 0 && fit.relativeError > 0.05);
});

test('one load is fitted by proportion, and none is refused', () => {
  const fit = fitScalability([{ inFlight: 10, perSecond: 50 }]);
  assert.equal(fit.at(20), 100);
  assert.throws(() => fitScalability([]), RangeError);
});
