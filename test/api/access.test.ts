// Who may read the routes below /api/v1.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccessCheck, type Reader } from '../../src/api/access.ts';
import { parseApiAccess } from '../../src/settings/api-access.ts';
import { anApi } from '../helpers/api.ts';

const local = new AccessCheck('local', (token) => token === 'right');
const withToken = new AccessCheck('token', (token) => token === 'right');

const reader = (fields: Partial<Reader>): Reader => ({
  route: '/api/v1/status',
  remoteAddress: '10.0.0.9',
  localAddress: '10.0.0.5',
  authorization: undefined,
  ...fields,
});

test('a program on this machine needs no token, by whatever address it calls', () => {
  for (const [remoteAddress, localAddress] of [
    ['127.0.0.1', '127.0.0.1'],
    ['127.8.9.10', '127.0.0.1'],
    ['::1', '::1'],
    ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
    ['10.0.0.5', '10.0.0.5'],
    ['::ffff:10.0.0.5', '10.0.0.5'],
    ['fe80::1%4', 'FE80:0::1'],
  ])
    assert.equal(local.refusal(reader({ remoteAddress, localAddress })), undefined, String(remoteAddress));
});

test('a program on another machine is refused without a token', () => {
  for (const remoteAddress of ['10.0.0.9', '::ffff:10.0.0.9', 'fd00::9', '128.0.0.1', '::2', undefined])
    assert.equal(local.refusal(reader({ remoteAddress }))?.code, 'REMOTE_READER', String(remoteAddress));
  assert.equal(local.refusal(reader({ authorization: 'Bearer right' })), undefined);
});

test('with api-access token, a program on this machine is refused without the right token', () => {
  const code = (authorization?: string) =>
    withToken.refusal(reader({ remoteAddress: '127.0.0.1', authorization }))?.code;
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    'Basic right',
    'right',
    'Bearer right x',
  ])
    assert.equal(code(authorization), 'TOKEN_REQUIRED', String(authorization));
  assert.equal(code('Bearer right'), undefined);
  assert.equal(code('bearer  right'), undefined);
});

test('health, readiness and /metrics need no token', () => {
  for (const route of ['/health', '/ready', '/metrics', undefined])
    assert.equal(withToken.refusal(reader({ route })), undefined, String(route));
});

test('every route below /api/v1 is refused, in every spelling of its path', async () => {
  const { app } = anApi({ apiAccess: 'token' });
  const document = (await anApi().app.inject({ url: '/api/v1/openapi.json' })).json();
  const paths = Object.keys(document.paths).filter((path) => path.startsWith('/api/'));
  assert.ok(paths.length > 8);
  for (const path of [...paths, '/api/v1/openapi.json', '/api/v1/%73tatus', '/%61pi/v1/status?x=/health']) {
    const answer = await app.inject({ url: path });
    assert.deepEqual([answer.statusCode, answer.headers['www-authenticate']], [401, 'Bearer'], path);
    assert.equal(answer.json().error.code, 'TOKEN_REQUIRED', path);
  }
  assert.equal((await app.inject({ url: '/health' })).statusCode, 200);
});

test('a request from another machine gets 403 by default, but reads /health', async () => {
  const { app } = anApi();
  const from = { remoteAddress: '10.0.0.9' };
  assert.equal((await app.inject({ url: '/api/v1/status', ...from })).statusCode, 403);
  assert.equal((await app.inject({ url: '/health', ...from })).statusCode, 200);
  assert.equal((await app.inject({ url: '/api/v1/status' })).statusCode, 200);
});

test('api-access is local or token', () => {
  assert.deepEqual(['local', 'token', 'any', 'Local', ''].map(parseApiAccess), [
    'local',
    'token',
    undefined,
    undefined,
    undefined,
  ]);
});
