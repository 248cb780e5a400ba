// Which Host headers and absolute targets the control plane accepts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiContext } from '../../src/api/context.ts';
import { HostCheck } from '../../src/api/host-check.ts';
import { parseAllowedHosts } from '../../src/settings/allowed-hosts.ts';
import { anApi } from '../helpers/api.ts';
import { exchange, type RawAnswer } from '../helpers/raw-http.ts';

const allowedHosts = parseAllowedHosts(['metrics.example.com', '*.corp.example', 'müller.example', '[fd00::5]'])!;
const check = new HostCheck(['WEB01', 'web01.shop.example', 'Agent.Example'], allowedHosts);

const refusal = (host: string, url = '/api/v1/status') =>
  check.refusal({ httpVersion: '1.1', rawHeaders: ['Host', host], url })?.code;

test('accepts names of the machine in any case, with a port and with the root dot', () => {
  for (const host of [
    'web01',
    'WEB01:10300',
    'web01.shop.example',
    'Web01.Shop.Example:10300',
    'web01.shop.example.',
    'web01.shop.example.:10300',
    'localhost.',
    'agent.example:',
    '127.0.0.1.:80',
    '[fe80::1%25eth0]:80',
    '[::ffff:10.0.0.1]',
  ])
    assert.equal(refusal(host), undefined, host);
});

test('accepts names and subdomains of allowed-hosts, and no others', () => {
  for (const host of [
    'metrics.example.com',
    'METRICS.example.com.:1',
    'a.corp.example',
    'a.b.corp.example',
    '[fd00::5]',
  ])
    assert.equal(refusal(host), undefined, host);
  for (const host of [
    'corp.example',
    '.corp.example',
    'evilcorp.example',
    'corp.example.evil.example',
    'x.metrics.example.com',
    'example.com',
    '*.corp.example',
  ])
    assert.equal(refusal(host), 'HOST_HEADER', host);
});

test('compares international names in their ASCII form', () => {
  const utf8 = Buffer.from('MÜLLER.example', 'utf8').toString('latin1');
  for (const host of ['xn--mller-kva.example', 'XN--MLLER-KVA.example:80', utf8])
    assert.equal(refusal(host), undefined, host);
  for (const host of ['muller.example', 'm%C3%BCller.example']) assert.equal(refusal(host), 'HOST_HEADER', host);
});

test('refuses what is no HOST or HOST:PORT', () => {
  for (const host of [
    '',
    '.',
    'web01..',
    'web01:65536',
    'web01:80:80',
    'web01:-1',
    'web01, web01',
    'user@web01',
    'http://web01',
    'web01/',
    '[web01]',
    '[127.0.0.1]',
    '::1',
    '0177.0.0.1',
    '2130706433',
  ])
    assert.equal(refusal(host), 'HOST_HEADER', host);
});

test('checks the host of an absolute target as well as the Host header', () => {
  for (const [url, host, code] of [
    ['http://web01/health', 'web01', undefined],
    ['http://127.0.0.1:10300/health', 'web01:10300', undefined],
    ['http://evil.example/health', 'web01', 'HOST_HEADER'],
    ['HTTP://evil.example/health', 'web01', 'HOST_HEADER'],
    ['https://evil.example', 'web01', 'HOST_HEADER'],
    ['ftp://evil.example/health', 'web01', 'HOST_HEADER'],
    ['http://web01@evil.example/health', 'web01', 'HOST_HEADER'],
    ['http://evil.example?@web01/health', 'web01', 'HOST_HEADER'],
    ['http:///health', 'web01', 'HOST_HEADER'],
    ['http://web01/health', 'evil.example', 'HOST_HEADER'],
    ['/health?u=http://evil.example/', 'web01', undefined],
  ] as const)
    assert.equal(refusal(host, url), code, `${url} ${host}`);
});

async function answered(request: string, overrides: Partial<ApiContext> = {}): Promise<RawAnswer> {
  const { app } = anApi({ allowedHosts, machineNames: () => ['web01.shop.example'], ...overrides });
  await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    return await exchange(app, request);
  } finally {
    await app.close();
  }
}

const codeOf = ({ status, body }: RawAnswer) => [
  status,
  (JSON.parse(body) as { error?: { code: string } }).error?.code,
];

test('answers a scrape by the full DNS name of the machine', async () => {
  assert.equal((await answered('GET /health HTTP/1.1\r\nHost: WEB01.shop.example:10300\r\n\r\n')).status, 200);
});

test('answers two Host headers with 400, also when both are good', async () => {
  for (const second of ['Host: localhost', 'host: localhost', 'HOST:evil.example'])
    assert.deepEqual(codeOf(await answered(`GET /health HTTP/1.1\r\nHost: localhost\r\n${second}\r\n\r\n`)), [
      400,
      'BAD_REQUEST',
    ]);
});

test('answers HTTP/1.1 without Host with 400 in the form of errors', async () => {
  for (const path of ['/health', '/metrics', '/api/v1/status', '/nothing', '/%zz', 'http://localhost/health'])
    assert.deepEqual(codeOf(await answered(`GET ${path} HTTP/1.1\r\n\r\n`)), [400, 'BAD_REQUEST'], path);
});

test('answers HTTP/1.0 without Host on the routes for scrapers and probes only', async () => {
  assert.equal((await answered('GET /health HTTP/1.0\r\n\r\n')).status, 200);
  assert.equal((await answered('GET /health?verbose=1 HTTP/1.0\r\n\r\n')).status, 200);
  for (const path of ['/ready', '/metrics']) assert.equal((await answered(`GET ${path} HTTP/1.0\r\n\r\n`)).status, 503);
  for (const path of ['/api/v1/status', '/api/v1/openapi.json', '/nothing', '/health/', '/%zz'])
    assert.deepEqual(codeOf(await answered(`GET ${path} HTTP/1.0\r\n\r\n`)), [403, 'HOST_HEADER'], path);
  assert.deepEqual(codeOf(await answered('GET /health HTTP/1.0\r\nHost: evil.example\r\n\r\n')), [403, 'HOST_HEADER']);
});

test('answers CONNECT with Allow, and with 400 without exactly one Host header', async () => {
  const connectTo = (target: string, headers: string) => answered(`CONNECT ${target} HTTP/1.1\r\n${headers}\r\n`);
  const foreign = 'Host: evil.example\r\n';
  for (const [target, host] of [
    ['localhost:80', 'Host: localhost\r\n'],
    ['evil.example:443', foreign],
  ] as const) {
    const answer = await connectTo(target, host);
    assert.deepEqual([...codeOf(answer), answer.headers.allow], [405, 'METHOD_NOT_ALLOWED', 'GET, HEAD']);
  }
  assert.deepEqual(codeOf(await connectTo('localhost:80', `Host: localhost\r\n${foreign}`)), [400, 'BAD_REQUEST']);
  assert.deepEqual(codeOf(await connectTo('localhost:80', '')), [400, 'BAD_REQUEST']);
});

test('refuses an absolute target of another host over a real socket', async () => {
  const request = (target: string) => `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
  assert.deepEqual(codeOf(await answered(request('http://evil.example/health'))), [403, 'HOST_HEADER']);
  assert.equal((await answered(request('http://127.0.0.1/health'))).status, 200);
});
