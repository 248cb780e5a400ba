// Addresses of the Docker daemon: forms of DOCKER_HOST, TLS by Docker's variables, and the version of the API.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { negotiate } from '../../../src/sources/docker/api-version.ts';
import { dockerEndpoint } from '../../../src/sources/docker/endpoint.ts';

test('reads pipes, sockets, hosts and IPv6 addresses', () => {
  const pipe = { kind: 'socket', socketPath: '\\\\.\\pipe\\docker_engine' };
  for (const host of [
    'npipe:////./pipe/docker_engine',
    'npipe://\\\\.\\pipe\\docker_engine',
    'NPIPE:////./pipe/docker_engine',
  ])
    assert.deepEqual(dockerEndpoint(host, {}).address, pipe);
  assert.deepEqual(dockerEndpoint('unix:///run/docker.sock', {}).address, {
    kind: 'socket',
    socketPath: '/run/docker.sock',
  });
  assert.deepEqual(dockerEndpoint('tcp://127.0.0.1', {}).address, { kind: 'tcp', host: '127.0.0.1', port: 2375 });
  assert.deepEqual(dockerEndpoint('tcp://127.0.0.1:80', {}).address, { kind: 'tcp', host: '127.0.0.1', port: 80 });
  assert.deepEqual(dockerEndpoint('tcp://[::1]:2377/', {}).address, { kind: 'tcp', host: '::1', port: 2377 });
  assert.deepEqual(dockerEndpoint('tcp://[fd00::5]', {}).address, { kind: 'tcp', host: 'fd00::5', port: 2375 });
});

test('refuses an address that names no daemon it can use, and masks the secrets in it', () => {
  for (const host of [
    'ssh://user:secret@h',
    'tcp://',
    'docker',
    'tcp://h:99999',
    'tcp://a b',
    'tcp://u:secret@h:1',
    'npipe:',
  ])
    assert.throws(
      () => dockerEndpoint(host, {}),
      ({ message }: Error) => /cannot be used: set/.test(message) && !message.includes('secret'),
      host,
    );
});

test('uses TLS with DOCKER_CERT_PATH, and verifies the daemon with DOCKER_TLS_VERIFY', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  try {
    for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, `${name}.pem`), name);
    const tlsOf = (variables: Record<string, string>) => {
      const { address } = dockerEndpoint('tcp://10.0.0.1', variables);
      return address.kind === 'tcp' ? { port: address.port, tls: address.tls } : undefined;
    };
    const files = { ca: Buffer.from('ca'), cert: Buffer.from('cert'), key: Buffer.from('key') };
    assert.deepEqual(tlsOf({ DOCKER_CERT_PATH: folder, DOCKER_TLS_VERIFY: '1' }), {
      port: 2376,
      tls: { ...files, rejectUnauthorized: true },
    });
    assert.deepEqual(tlsOf({ DOCKER_CERT_PATH: folder }), { port: 2376, tls: { ...files, rejectUnauthorized: false } });
    assert.deepEqual(tlsOf({ DOCKER_TLS_VERIFY: '1' }), { port: 2376, tls: { rejectUnauthorized: true } });
    assert.throws(() => tlsOf({ DOCKER_CERT_PATH: join(folder, 'missing') }), /ENOENT/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('negotiates the highest version that daemon and agent know', () => {
  const daemon = (apiVersion: string, minApiVersion = '') => ({ version: '', apiVersion, minApiVersion });
  assert.equal(negotiate(daemon('1.30')), '1.30');
  assert.notEqual(negotiate(daemon('1.999', '1.44')), '1.999');
  assert.equal(negotiate(daemon('1.47'), '1.41'), '1.41');
  assert.throws(() => negotiate(daemon('1.12')), /update Docker/);
  assert.throws(() => negotiate(daemon('1.999', '1.998')), /update the agent/);
  assert.throws(() => negotiate(daemon('<html>')), /is this Docker/);
});
