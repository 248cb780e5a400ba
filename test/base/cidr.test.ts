// Networks in CIDR notation, as Go's net.ParseCIDR takes them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isCidr } from '../../src/base/cidr.ts';

describe('networks', () => {
  for (const text of ['0.0.0.0/0', '10.0.0.0/8', '192.168.1.7/32', '::/0', 'fd00::/8', '2001:db8::1/128'])
    it(`takes ${text}`, () => assert.equal(isCidr(text), true));

  for (const text of ['', '10.0.0.0', '10.0.0.0/', '10.0.0.0/33', '10.0.0/8', '256.0.0.0/8', '10.0.0.0/-1', '10.0.0.0/8/8', '::/129'])
    it(`does not take ${JSON.stringify(text)}`, () => assert.equal(isCidr(text), false));

  it('takes no zone and no leading zeros', () => {
    assert.equal(isCidr('fe80::1%eth0/64'), false);
    assert.equal(isCidr('010.0.0.0/8'), false);
  });
});
