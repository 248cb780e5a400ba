// Requests for /health that are answered without the HTTP server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { healthProbe } from '../../src/api/health-probe.ts';
import { SERVER_LIMITS } from '../../src/api/limits.ts';
import { anApi } from '../helpers/api.ts';
import { exchange } from '../helpers/raw-http.ts';

const counted: unknown[] = [];
const { app } = anApi({
  limits: { ...SERVER_LIMITS, connections: 1 },
  onAnswer: (...answer) => void counted.push(answer),
  onReject: (reason) => void counted.push(reason),
});
/** Takes the only place of the HTTP server. */
let idle: Socket;
before(async () => {
  await app.listen({ host: '127.0.0.1', port: 0 });
  idle = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
});
after(() => {
  idle.destroy();
  return app.close();
});

async function askOnIdle(path: string): Promise<string> {
  idle.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  return String((await once(idle, 'data'))[0]);
}

test('answers /health while every place is taken, and closes no other connection', async () => {
  const usual = await askOnIdle('/health');
  counted.length = 0;
  for (let probe = 0; probe < 5; probe++) {
    const answer = await exchange(app, 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.deepEqual([answer.status, answer.body], [200, usual.slice(usual.indexOf('\r\n\r\n') + 4)]);
    assert.equal(answer.headers.connection, 'close');
    assert.equal(answer.headers['content-length'], String(answer.body.length));
    for (const name of ['content-type', 'x-content-type-options', 'cache-control', 'cross-origin-resource-policy'])
      assert.ok(usual.includes(`${name}: ${answer.headers[name]}\r\n`), name);
  }
  assert.deepEqual(counted, Array(5).fill(['/health', 200, 0]));
  assert.match(await askOnIdle('/nothing'), /^HTTP\/1\.1 404 /);
});

test('answers HEAD without a body, and HTTP/1.0 without Host', async () => {
  const head = await exchange(app, 'HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
  assert.deepEqual([head.status, head.body, head.headers['content-length']], [200, '', '15']);
  const old = await exchange(app, 'GET /health HTTP/1.0\r\n\r\n');
  assert.deepEqual([old.status, old.body], [200, '{"status":"ok"}']);
});

test('refuses another name of the host as the HTTP server does', async () => {
  for (const [request, status] of [
    ['GET /health HTTP/1.1\r\nHost: evil.example\r\n\r\n', 403],
    ['GET /health HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n', 400],
    ['GET /health HTTP/1.1\r\n\r\n', 400],
  ] as const)
    assert.equal((await exchange(app, request.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))).status, status);
});

const head = (...lines: string[]) =>
  Buffer.from(`${['GET /health HTTP/1.1', ...lines].join('\r\n')}\r\n\r\n`, 'latin1');

test('recognises the requests of usual clients', () => {
  const clients: Record<string, string[]> = {
    curl: ['Host: localhost:10300', 'User-Agent: curl/8.9.1', 'Accept: */*'],
    node: ['Host: 127.0.0.1:10300', 'Connection: close'],
    PowerShell: ['Host: localhost:10300', 'User-Agent: Mozilla/5.0 (Windows NT; en-US) PowerShell/7.5.0'],
    kubelet: ['Host: 10.0.0.1:10300', 'User-Agent: kube-probe/1.31', 'Accept: */*', 'Connection: close'],
    Go: ['Host: localhost:10300', 'User-Agent: Go-http-client/1.1', 'Accept-Encoding: gzip'],
  };
  for (const [name, lines] of Object.entries(clients)) {
    const { httpVersion, url, rawHeaders } = healthProbe(head(...lines))!;
    assert.deepEqual([httpVersion, url], ['1.1', '/health'], name);
    assert.deepEqual(
      rawHeaders,
      lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      name,
    );
  }
});

test('leaves to the HTTP server what is not exactly one plain request for /health', () => {
  const host = 'Host: localhost';
  const others: Record<string, Buffer | string> = {
    'another method': 'POST /health HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'another path': 'GET /healthy HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'a query': 'GET /health?verbose=1 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    'another version': 'GET /health HTTP/2.0\r\nHost: localhost\r\n\r\n',
    'two requests': Buffer.concat([head(host), head(host)]),
    'the beginning of a request': head(host).subarray(0, -1),
    'a byte after the request': Buffer.concat([head(host), Buffer.from('x')]),
    'a body': head(host, 'Content-Length: 4'),
    'a chunked body': head(host, 'transfer-encoding: chunked'),
    'a tag': head(host, 'If-None-Match: "1"'),
    'an upgrade': head(host, 'Connection: Upgrade', 'Upgrade: h2c'),
    'an expectation': head(host, 'Expect: 100-continue'),
    'a field without a colon': head(host, 'bad header'),
    'a blank before the colon': head('Host : localhost'),
    'a folded field': head(host, 'X: a', ' b'),
    'a control character': head(host, 'X: a\u0000b'),
    'line feeds alone': 'GET /health HTTP/1.1\nHost: localhost\n\n',
    'a long head': head(host, `X: ${'x'.repeat(4096)}`),
  };
  for (const [name, bytes] of Object.entries(others)) assert.equal(healthProbe(Buffer.from(bytes)), undefined, name);
});
