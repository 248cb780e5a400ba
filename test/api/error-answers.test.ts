// Answers that no route makes: other methods, errors of the HTTP parser, and the headers that every answer has.
import assert from 'node:assert/strict';
import { METHODS } from 'node:http';
import { PassThrough } from 'node:stream';
import { after, before, test } from 'node:test';
import { anApi } from '../helpers/api.ts';
import { exchange, type RawAnswer } from '../helpers/raw-http.ts';

const counted: [route: string, status: number][] = [];
const { app } = anApi({ onAnswer: (route, status) => counted.push([route, status]) });
before(() => app.listen({ host: '127.0.0.1', port: 0 }));
after(() => app.close());

const send = (bytes: string) => exchange(app, bytes);

function assertError({ headers, body }: Pick<RawAnswer, 'headers' | 'body'>, code: string): void {
  const { error } = JSON.parse(body) as { error: Record<string, string> };
  assert.deepEqual(Object.keys(error).sort(), ['code', 'hint', 'message']);
  assert.equal(error.code, code);
  assert.match(headers['content-type'] ?? '', /^application\/json/);
  assert.equal(Number(headers['content-length']), Buffer.byteLength(body));
}

function assertHeaders(headers: Readonly<Record<string, unknown>>): void {
  assert.deepEqual(
    ['x-content-type-options', 'cache-control', 'cross-origin-resource-policy'].map((name) => headers[name]),
    ['nosniff', 'no-store', 'same-origin'],
  );
}

test('answers every method but GET and HEAD on a known path with 405 and Allow', async () => {
  const cases = [
    ...METHODS.filter((method) => !['GET', 'HEAD', 'CONNECT'].includes(method)).map((method) => [method, '/metrics']),
    ...['/health', '/api/v1/status', '/api/v1/openapi.json', '/api/v1/containers?container=a'].map((path) => [
      'PUT',
      path,
    ]),
  ];
  for (const [method, path] of cases) {
    const answer = await send(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    assert.equal(answer.status, 405, `${method} ${path}`);
    assert.equal(answer.headers.allow, 'GET, HEAD');
    assertError(answer, 'METHOD_NOT_ALLOWED');
    assertHeaders(answer.headers);
  }
});

test('answers 405 whatever the body, and 404 for an unknown path', async () => {
  const post = (path: string) =>
    send(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<a/>`,
    );
  assert.equal((await post('/metrics')).status, 405);
  assert.equal((await post('http://localhost/metrics')).status, 405);
  assert.equal((await post('/nothing')).status, 404);
  assert.equal((await send('OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')).status, 404);
});

test('answers CONNECT with 405 instead of closing the connection', async () => {
  const answer = await send('CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n');
  assert.equal(answer.status, 405);
  assertError(answer, 'METHOD_NOT_ALLOWED');
  assertHeaders(answer.headers);
});

test('answers HEAD like GET without a body', async () => {
  const answer = await send('HEAD /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  assert.deepEqual([answer.status, answer.body], [200, '']);
  assertHeaders(answer.headers);
});

test('ignores an unknown expectation', async () => {
  const request = 'GET /health HTTP/1.1\r\nHost: localhost\r\nExpect: a-miracle\r\nConnection: close\r\n\r\n';
  assert.equal((await send(request)).status, 200);
});

for (const [name, bytes] of Object.entries({
  'no HTTP': 'hello\r\n\r\n',
  'an unknown method': 'BREW /health HTTP/1.1\r\nHost: localhost\r\n\r\n',
  'TLS on the plain port': '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  'an HTTP/2 preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'an invalid header': 'GET /health HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n',
  'two lengths': 'POST /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
})) {
  test(`answers ${name} with 400 in the form of errors, and counts it`, async () => {
    counted.length = 0;
    const answer = await send(bytes);
    assert.equal(answer.status, 400);
    assertError(answer, 'BAD_REQUEST');
    assertHeaders(answer.headers);
    assert.equal(answer.headers.connection, 'close');
    assert.deepEqual(counted, [['(none)', 400]]);
  });
}

test('answers headers that are too large with 431 in the form of errors', async () => {
  const answer = await send(`GET /health HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
  assert.equal(answer.status, 431);
  assertError(answer, 'HEADERS_TOO_LARGE');
  assertHeaders(answer.headers);
});

/** Emits what Node's HTTP server emits when its parser fails, on a connection that keeps what is written. */
function parserFails(code: string, connection: object = {}): { text: string; destroyed: boolean } {
  const socket = Object.assign(new PassThrough(), connection);
  app.server.emit('clientError', Object.assign(new Error('fault'), { code }), socket as never);
  return { text: String(socket.read() ?? ''), destroyed: socket.destroyed };
}

test('answers a request that does not arrive in time with 408 in the form of errors', () => {
  const [head = '', body = ''] = parserFails('ERR_HTTP_REQUEST_TIMEOUT').text.split('\r\n\r\n');
  assert.match(head, /^HTTP\/1\.1 408 /);
  assert.match(head, /\r\ncache-control: no-store\r\n/);
  assert.equal((JSON.parse(body) as { error: { code: string } }).error.code, 'REQUEST_TIMEOUT');
});

test('closes the connection without a second answer while one is being sent', () => {
  assert.deepEqual(parserFails('HPE_INVALID_METHOD', { _httpMessage: { headersSent: true } }), {
    text: '',
    destroyed: true,
  });
});

test('sends the headers with every kind of answer', async () => {
  for (const url of ['/health', '/ready', '/metrics', '/api/v1/status', '/api/v1/openapi.json', '/nothing', '/%zz'])
    assertHeaders((await app.inject({ url, headers: { host: 'localhost' } })).headers);
  assertHeaders((await app.inject({ url: '/health', headers: { host: 'evil.example' } })).headers);
  assertHeaders((await app.inject('/api/v1/connections?limit=x')).headers);
});

test('counts an answer to a path that cannot be decoded', async () => {
  counted.length = 0;
  await app.inject('/%zz');
  assert.deepEqual(counted, [['(none)', 400]]);
});
