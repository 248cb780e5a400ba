// The choice of a proxy: order of the sources, lists of hosts without proxy, and the lists of WinHTTP.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProxy } from '../../../src/base/proxy-url.ts';
import { bypassEntries, bypasses } from '../../../src/exporters/transport/bypass-list.ts';
import { chooseProxy, type ProxySources } from '../../../src/exporters/transport/proxy.ts';
import { winHttpProxyFor } from '../../../src/exporters/transport/winhttp-proxy.ts';

const sources = (over: Partial<ProxySources> = {}): ProxySources => ({
  proxy: undefined,
  noProxy: [],
  env: {},
  winHttp: () => undefined,
  ...over,
});
const choose = (url: string, over: Partial<ProxySources>) => {
  const { proxy, origin, problem } = chooseProxy(new URL(url), sources(over));
  return [proxy?.href, origin, problem];
};
const env = { HTTPS_PROXY: 'http://env-s:1', HTTP_PROXY: 'env-p:2', NO_PROXY: '.corp' };
const winHttp = () => ({ proxy: 'http=win-p:3;https=win-s:4', bypass: '<local>;*.intern' });

test('the setting wins over the environment, and the environment over WinHTTP', () => {
  const proxy = new URL('http://set:9');
  assert.deepEqual(choose('https://a.test/', { proxy, env, winHttp }), ['http://set:9/', 'setting proxy', '']);
  assert.deepEqual(choose('https://a.test/', { env, winHttp }), ['http://env-s:1/', 'environment HTTPS_PROXY', '']);
  assert.deepEqual(choose('http://a.test/', { env, winHttp }), ['http://env-p:2/', 'environment HTTP_PROXY', '']);
  assert.deepEqual(choose('https://a.test/', { winHttp }), ['http://win-s:4/', 'WinHTTP', '']);
  assert.deepEqual(choose('http://a.test/', { winHttp }), ['http://win-p:3/', 'WinHTTP', '']);
  assert.deepEqual(choose('http://a.test/', {}), [undefined, 'no proxy is configured', '']);
});

test('none as the setting means no proxy from any source', () =>
  assert.deepEqual(choose('https://a.test/', { proxy: 'none', env, winHttp }), [undefined, 'setting proxy', '']));

test('lists of hosts without proxy count for their source, and no-proxy for all', () => {
  assert.equal(choose('https://a.corp/', { env, winHttp })[0], undefined);
  assert.equal(choose('https://a.intern/', { env, winHttp })[0], 'http://env-s:1/');
  assert.equal(choose('https://a.intern/', { winHttp })[0], undefined);
  assert.equal(choose('https://shortname/', { winHttp })[0], undefined);
  for (const over of [{ proxy: new URL('http://set:9') }, { env }, { winHttp }])
    assert.deepEqual(choose('https://x.y/', { ...over, noProxy: ['x.y'] }), [undefined, 'setting no-proxy', '']);
});

test('variables are read in lower case first, and an empty one is not set', () => {
  assert.equal(choose('https://a.test/', { env: { ...env, https_proxy: 'http://low:5' } })[0], 'http://low:5/');
  assert.equal(choose('https://a.test/', { env: { https_proxy: ' ', HTTPS_PROXY: 'http://up:6' } })[0], 'http://up:6/');
  assert.equal(choose('https://a.test/', { env: { HTTPS_PROXY: '' }, winHttp })[0], 'http://win-s:4/');
  assert.equal(choose('https://a.test/', { env: { https_proxy: 'http://p', no_proxy: 'a.test' } })[0], undefined);
});

test('loopback is reached without the proxies of the environment and of WinHTTP', () => {
  for (const host of ['localhost', 'x.localhost', '127.0.0.1', '127.9.9.9', '[::1]', 'LOCALHOST']) {
    assert.equal(choose(`https://${host}:9/`, { env, winHttp })[0], undefined, host);
    assert.equal(choose(`https://${host}:9/`, { proxy: new URL('http://set:9') })[0], 'http://set:9/');
  }
});

test('a proxy of another kind is a problem, and nothing is sent around it', () => {
  for (const text of ['socks5://p:1', 'https://p:1', 'http://', 'http://a b', 'http://p/?x=1', 'user:canary@p:socks']) {
    const [proxy, , problem] = choose('https://a.test/', { env: { HTTPS_PROXY: text } });
    assert.equal(proxy, undefined);
    assert.match(problem!, /proxy of environment HTTPS_PROXY cannot be used: only http:\/\/HOST:PORT.*set proxy/, text);
    assert.doesNotMatch(problem!, /canary/);
  }
});

test('a failure of WinHTTP is no proxy', () => {
  const fails = () => {
    throw new Error('WinHttpGetDefaultProxyConfiguration failed');
  };
  assert.deepEqual(choose('https://a.test/', { winHttp: fails }), [undefined, 'WinHTTP cannot be asked', '']);
});

test('parses a proxy with and without scheme and user information', () => {
  assert.equal(parseProxy('proxy:8080')?.href, 'http://proxy:8080/');
  assert.equal(parseProxy('http://u:p@[fd00::1]:3128')?.href, 'http://u:p@[fd00::1]:3128/');
  assert.equal(parseProxy('user:secret@proxy:8080')?.password, 'secret');
  for (const text of ['', 'ftp://p', 'http://p:99999', 'p:8080 q:9', 'http://p#x'])
    assert.equal(parseProxy(text), undefined);
});

/** An entry with URLs that it covers and URLs that it does not: the documents of curl, Go's httpproxy and WinHTTP. */
const entries: readonly (readonly [entry: string, covered: readonly string[], others: readonly string[]])[] = [
  ['*', ['http://a', 'https://[::1]'], []],
  ['corp.test', ['http://corp.test', 'http://a.b.corp.test', 'https://CORP.TEST.'], ['http://notcorp.test']],
  ['.corp.test', ['http://a.corp.test'], ['http://corp.test']],
  ['*.corp.test', ['http://a.corp.test'], ['http://corp.test', 'http://a.corp.test.evil']],
  ['corp.test:8443', ['https://corp.test:8443'], ['https://corp.test', 'https://corp.test:844']],
  ['corp.test:443', ['https://corp.test'], ['http://corp.test']],
  ['https://corp.test', ['https://corp.test'], ['http://corp.test']],
  ['10.0.0.0/8', ['http://10.1.2.3'], ['http://11.0.0.1', 'http://10.test']],
  ['fd00::/8', ['http://[fd12::1]'], ['http://[fe80::1]']],
  ['192.168.1.7', ['http://192.168.1.7:9090'], ['http://192.168.1.70']],
  ['192.168.1.7:9090', ['http://192.168.1.7:9090'], ['http://192.168.1.7']],
  ['[fd00::1]:9090', ['http://[fd00:0::1]:9090'], ['http://[fd00::1]:9091']],
  ['fd00::1', ['http://[fd00::1]'], ['http://[fd00::2]']],
  ['192.168.*', ['http://192.168.3.4'], ['http://192.169.0.1']],
  ['*intern*', ['http://my-internal.test'], ['http://inter.test']],
  ['<local>', ['http://printer'], ['http://printer.test', 'http://10.0.0.1', 'http://[fd00::1]']],
  ['', [], ['http://a', 'http://b.test']],
];

for (const [entry, covered, others] of entries)
  test(`the entry "${entry}" covers the hosts that its documents name`, () => {
    for (const url of covered) assert.equal(bypasses([entry], new URL(url)), true, url);
    for (const url of others) assert.equal(bypasses([entry], new URL(url)), false, url);
  });

test('entries are separated by commas, semicolons or white space', () =>
  assert.deepEqual(bypassEntries(' a, b;c\td,,\r\ne '), ['a', 'b', 'c', 'd', 'e']));

test('WinHTTP: the proxy that is named for the scheme, else the first without a name', () => {
  for (const [list, http, https] of [
    ['proxy:8080', 'proxy:8080', 'proxy:8080'],
    ['http=a:1;https=b:2', 'a:1', 'b:2'],
    ['http=a:1', 'a:1', undefined],
    ['http=a:1 all:9', 'a:1', 'all:9'],
    ['HTTPS=b:2; c:3', 'c:3', 'b:2'],
    ['https=http://b:2', undefined, 'http://b:2'],
    ['socks=s:1;ftp=f:2', undefined, undefined],
    ['first:1;second:2', 'first:1', 'first:1'],
    ['', undefined, undefined],
  ] as const) {
    assert.equal(winHttpProxyFor(list, 'http'), http, list);
    assert.equal(winHttpProxyFor(list, 'https'), https, list);
  }
});
