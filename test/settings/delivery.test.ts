// Settings of delivery: the proxy, the endpoints that need none, and the client certificate.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInvalid, resolve, shown } from '../helpers/settings.ts';

test('proxy: a URL, host and port, or none', () => {
  const href = (proxy: string): string => (resolve({ proxy }).proxy as URL).href;
  assert.equal(href('http://proxy.test:3128'), 'http://proxy.test:3128/');
  assert.equal(href('proxy.test:3128'), 'http://proxy.test:3128/');
  assert.equal(href('http://u%40:p@[fd00::1]:8080'), 'http://u%40:p@[fd00::1]:8080/');
  assert.equal(resolve({ proxy: 'none' }).proxy, 'none');
  assert.equal(resolve({}, { COROOT_PROXY: 'none' }).proxy, 'none');
  assert.equal(resolve({ proxy: '' }).proxy, undefined);
  for (const proxy of [
    'https://p:1',
    'socks5://p:1',
    'http://',
    'http://p:99999',
    'http://p/?a=b',
    'a b',
    'http://p q',
  ])
    assert.throws(() => resolve({ proxy }), isInvalid('proxy'));
});

test('no-proxy: several entries, in one text or in many', () => {
  const noProxy = (...texts: string[]) => resolve({ 'no-proxy': texts }).noProxy;
  assert.deepEqual(noProxy('a.test, .b.test', '10.0.0.0/8'), ['a.test', '.b.test', '10.0.0.0/8']);
  assert.deepEqual(resolve({}, { COROOT_NO_PROXY: 'a.test,b.test\n*' }).noProxy, ['a.test', 'b.test', '*']);
  assert.deepEqual(resolve().noProxy, []);
  for (const texts of [['a,,b'], ['http://a/path'], ['a b'], ['']])
    assert.throws(() => noProxy(...texts), isInvalid('no-proxy'));
});

test('client-certificate-file and client-key-file: paths', () => {
  const config = resolve({ 'client-certificate-file': 'a.pem', 'client-key-file': 'a.key' });
  assert.deepEqual([config.clientCertificateFile, config.clientKeyFile], ['a.pem', 'a.key']);
});

test('request-headers: one header each, not repeated, and none that the agent sets itself', () => {
  const headers = (...texts: string[]) => resolve({ 'request-headers': texts }).requestHeaders;
  assert.deepEqual(headers('X-Scope-OrgID: tenant1', 'Authorization: Bearer a:b'), {
    'X-Scope-OrgID': 'tenant1',
    Authorization: 'Bearer a:b',
  });
  assert.deepEqual(resolve({}, { COROOT_REQUEST_HEADERS: 'A: 1\nB: 2' }).requestHeaders, { A: '1', B: '2' });
  assert.deepEqual(resolve().requestHeaders, {});
  for (const texts of [['no colon'], [': x'], ['A:'], ['A b: 1'], ['A: 1', 'a: 2'], ['A: \u20ac'], ['content-type: x']])
    assert.throws(() => headers(...texts), isInvalid('request-headers'));
});

test('a list whose entries are allowed one by one, but not together, is shown whole in the error', () => {
  assert.throws(
    () => resolve({ 'request-headers': ['X-Scope-OrgID: a', 'x-scope-orgid: b'] }),
    ({ message }: Error) => /request-headers: \S+, \S+ is not allowed/.test(message) && !message.includes('OrgID: a'),
  );
});

test('the values of request-headers are masked wherever settings are shown', () => {
  const config = resolve({ 'request-headers': ['Authorization: Bearer secret-token'] });
  assert.doesNotMatch(shown(config, 'request-headers').value, /secret-token/);
});
