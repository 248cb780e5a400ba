// Owners and the kinds of ownership.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_OWNER, Owner, SHARED, UNKNOWN } from '../../../src/model/owner/owner.ts';

test('returns the same ownership for one owner each time, and separates the counts of owners', () => {
  const [web, system] = [new Owner('container'), new Owner('system')];
  assert.equal(web.alone, web.alone);
  assert.deepEqual([web.alone.kind, web.alone.owners], ['owners', [web]]);
  assert.deepEqual([web.role, system.role], ['container', 'system']);
  web.dns.unanswered++;
  web.network.listen(80, undefined);
  assert.deepEqual([system.dns.unanswered, system.network.listensOn(80, new Uint8Array(16), 0)], [0, false]);
});

test('distinguishes no owner, shared and unknown', () => {
  assert.deepEqual([NO_OWNER.kind, NO_OWNER.owners, SHARED.kind, UNKNOWN.kind], ['owners', [], 'shared', 'unknown']);
});
