// The record type that a request is counted under.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestType } from '../../../src/model/dns/request-type.ts';

const [A, AAAA] = [1, 28];
const DUAL = 0x4000;

test('counts a request for AAAA records as A only if all addresses found are IPv4', () => {
  for (const options of [0, DUAL, 2 ** 51 + 0x4002_6000]) {
    const request = { queryType: AAAA, options };
    assert.equal(requestType(request, ['10.0.0.9']), A);
    assert.equal(requestType(request, ['10.0.0.9', '10.0.0.8']), A);
    assert.equal(requestType(request, ['2001:db8::1']), AAAA);
    assert.equal(requestType(request, ['10.0.0.9', '2001:db8::1']), AAAA);
  }
});

test('counts a lookup without addresses as A if it was a dual one, else as AAAA', () => {
  for (const options of [DUAL, 0x4002_6000, 2 ** 51 + 0xc000_4000, 2 ** 52 + DUAL])
    assert.equal(requestType({ queryType: AAAA, options }, []), A, options.toString(16));
  for (const options of [0, 0x4002_2000, 2 ** 51 + 0xc000_8000, 2 ** 46])
    assert.equal(requestType({ queryType: AAAA, options }, []), AAAA, options.toString(16));
});

test('keeps every other type', () => {
  for (const queryType of [A, 12, 16, 65, 255])
    for (const ips of [[], ['10.0.0.9'], ['2001:db8::1']])
      assert.equal(requestType({ queryType, options: DUAL }, ips), queryType);
});
