// The control plane as a whole: accepted hosts and the form of errors.
import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import { anApi } from '../helpers/api.ts';
import { round, web } from '../helpers/model.ts';

const routes = [
  '/health',
  '/ready',
  '/metrics',
  '/api/v1/status',
  '/api/v1/containers',
  '/api/v1/connections',
  '/api/v1/services',
];

const errorOf = (response: { json(): unknown }) => {
  const body = response.json() as { error: { code: string; message: string; hint: string } };
  assert.deepEqual(Object.keys(body), ['error']);
  assert.deepEqual(Object.keys(body.error).sort(), ['code', 'hint', 'message']);
  for (const text of Object.values(body.error)) assert.ok(text.length > 0);
  return body.error;
};

test('accepts addresses, localhost and the name of this machine in Host, with any port', async () => {
  const { app } = anApi();
  const good = [
    '127.0.0.1',
    '127.0.0.1:10300',
    'localhost:10300',
    'LOCALHOST',
    '[::1]:10300',
    '[::1]',
    '10.1.2.3:80',
    hostname(),
    `${hostname().toUpperCase()}:1`,
  ];
  for (const host of good) {
    for (const url of routes) {
      const { statusCode } = await app.inject({ url, headers: { host } });
      assert.notEqual(statusCode, 403, `${host} ${url}`);
    }
  }
});

test('refuses other names in Host on every route, against DNS rebinding', async () => {
  const { app } = anApi();
  const bad = [
    'evil.example',
    'evil.example:10300',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1:80:evil',
    'localhost:80a',
    '[::1',
    '::1]',
    'evil@127.0.0.1',
    ' ',
    '0x7f.1',
  ];
  for (const host of bad) {
    for (const url of [...routes, '/nothing']) {
      const response = await app.inject({ url, headers: { host } });
      assert.equal(response.statusCode, 403, `${host} ${url}`);
      assert.equal(errorOf(response).code, 'HOST_HEADER');
    }
  }
});

test('accepts the name of the listen address in Host', async () => {
  const { app } = anApi({ listen: () => 'agent.example:10300' });
  assert.equal((await app.inject({ url: '/health', headers: { host: 'agent.example:10300' } })).statusCode, 200);
  assert.equal((await app.inject({ url: '/health', headers: { host: 'other.example:10300' } })).statusCode, 403);
});

test('truncates a long name in the error', async () => {
  const response = await anApi().app.inject({ url: '/health', headers: { host: `${'x'.repeat(5000)}.example` } });
  assert.ok(errorOf(response).message.length < 300);
});

test('replaces lone surrogates in JSON, and keeps text that only resembles one', async () => {
  const { app, model } = anApi();
  const names = ['a\ud83db', '\udca5\ud83d\ud83d', 'whole \ud83d\udca5', 'text \\ud83d', 'text \\\ud83d'];
  round(model, 0, { services: names.map((name) => web({ name })), processes: [] });
  const { payload } = await app.inject({ url: '/api/v1/services', headers: { host: 'localhost' } });
  const { services } = JSON.parse(payload) as { services: { name: string }[] };
  assert.deepEqual(
    services.map(({ name }) => name),
    ['a\ufffdb', '\ufffd\ufffd\ufffd', 'whole \ud83d\udca5', 'text \\ud83d', 'text \\\ufffd'],
  );
});

test('answers unknown paths with 404 in the form of errors, for every method', async () => {
  const { app } = anApi();
  for (const [method, url] of [
    ['GET', '/'],
    ['GET', '/api/v1/nothing'],
    ['POST', '/nothing'],
    ['GET', '/METRICS'],
    ['GET', '/metrics/'],
    ['GET', '//metrics'],
  ] as const) {
    const response = await app.inject({ method, url });
    assert.equal(response.statusCode, 404, url);
    const { code, message } = errorOf(response);
    assert.deepEqual([code, message], ['NOT_FOUND', `there is nothing at ${url}`]);
  }
});

test('answers a path that cannot be decoded with 400 in the form of errors', async () => {
  const { app } = anApi();
  const response = await app.inject({ url: '/api/%zz' });
  assert.equal(response.statusCode, 400);
  assert.equal(errorOf(response).code, 'BAD_REQUEST');
});

test('checks Host also for a path that cannot be decoded', async () => {
  const response = await anApi().app.inject({ url: '/api/%zz', headers: { host: 'evil.example' } });
  assert.equal(errorOf(response).code, 'HOST_HEADER');
});

test('answers a body that is too large or not JSON with 400 in the form of errors', async () => {
  const { app } = anApi();
  app.post('/echo', async ({ body }) => body);
  for (const payload of ['{', JSON.stringify({ text: 'x'.repeat(70_000) })]) {
    const response = await app.inject({
      method: 'POST',
      url: '/echo',
      headers: { 'content-type': 'application/json' },
      payload,
    });
    assert.equal(response.statusCode, 400);
    assert.equal(errorOf(response).code, 'BAD_REQUEST');
  }
});

test('answers an internal error with 500 without a stack, and reports it to the agent', async () => {
  const fault = new Error('it broke');
  const { app, internalErrors } = anApi({
    hostStatus: () => {
      throw fault;
    },
  });
  const response = await app.inject('/api/v1/status');
  assert.equal(response.statusCode, 500);
  assert.equal(errorOf(response).code, 'INTERNAL');
  assert.ok(!response.body.includes('at '));
  assert.deepEqual(internalErrors, [fault]);
});

test('does not report errors of clients as internal errors', async () => {
  const { app, internalErrors } = anApi();
  for (const url of ['/nothing', '/metrics', '/api/v1/connections?limit=x']) await app.inject(url);
  assert.deepEqual(internalErrors, []);
});

test('sends no CORS headers to another origin', async () => {
  const { app } = anApi();
  const response = await app.inject({ url: '/api/v1/status', headers: { origin: 'https://evil.example' } });
  assert.deepEqual(
    Object.keys(response.headers).filter((name) => name.startsWith('access-control')),
    [],
  );
});
