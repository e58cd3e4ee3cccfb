import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetOf, budgetText, hasConsent, isHere, reachOf } from '../../../harness/tune/budget.ts';

test('the defaults allow less elsewhere', () => {
  assert.deepEqual(budgetOf({}, true), { requests: 10_000, seconds: 60, most: 256 });
  assert.deepEqual(budgetOf({}, false), { requests: 2000, seconds: 60, most: 256 });
  assert.deepEqual(budgetOf({ requests: 5, most: 3 }, false), { requests: 5, seconds: 60, most: 3 });
});

test('it says how far a budget reaches', () => {
  const reach = (requests: number) => reachOf({ requests, seconds: 60, most: 256 });
  assert.equal(reach(100), 0);
  assert.ok(reach(2000) >= 16 && reach(2000) < 40, String(reach(2000)));
  assert.ok(reach(10_000) >= 64 && reach(10_000) <= 200, String(reach(10_000)));
  assert.match(
    budgetText(budgetOf({}, true), 'x'),
    /^At most 10000 requests to x, 256 at once, for 60 s: enough for /,
  );
  assert.match(budgetText(budgetOf({ requests: 9 }, true), 'x'), /too few for any answer\.$/);
});

test('another machine needs --yes and a budget, both', () => {
  assert.equal(hasConsent({}, true), false);
  assert.equal(hasConsent({ requests: 10 }, false), false);
  assert.equal(hasConsent({ requests: 10 }, true), true);
  assert.equal(hasConsent({ seconds: 10 }, true), true);
  assert.equal(hasConsent({ most: 10 }, true), false);
});

test('loopback is here, and other addresses are not', async () => {
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '[::1]'])
    assert.equal(await isHere(host), true, host);
  for (const host of ['10.0.0.1', '192.0.2.1', '0.0.0.0', '[2001:db8::1]'])
    assert.equal(await isHere(host), false, host);
});
