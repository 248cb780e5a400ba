// TLS of the transport: authorities, certificates that are not valid, client certificates, and unusable files.
import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Authority, type Certificate } from '../../helpers/certificates.ts';
import { createTransport, openReceiver, openTcp } from '../../helpers/receiver.ts';

const authority = new Authority();
const other = new Authority();
after(() => {
  authority[Symbol.dispose]();
  other[Symbol.dispose]();
});

const serve = ({ cert, key }: Certificate, options: object = {}) =>
  openReceiver((response) => response.writeHead(204).end(), { cert, key, ...options });

test('trusts an authority of ca-file in addition to those of the system', async () => {
  await using server = await serve(authority.issue());
  const { transport, post } = createTransport({}, { caFile: authority.path });
  assert.equal((await post(`https://localhost:${server.port}/`)).kind, 'success');
  assert.equal(transport.problem(), '');
  transport.close();
});

test('explains an unknown authority and names ca-file', async () => {
  await using server = await serve(authority.issue());
  for (const caFile of [undefined, other.path]) {
    const { post } = createTransport({}, { caFile });
    const { kind, status, problem } = await post(`https://localhost:${server.port}/`);
    assert.deepEqual([kind, status], ['retryable', 0]);
    assert.match(problem, /unknown authority: put the certificate of the authority into ca-file/);
  }
  assert.equal(server.received.length, 0);
});

/** Certificates with a fault, and its explanation. */
const faulty = [
  ['an expired', { from: '20200101000000Z', until: '20210101000000Z' }, /has expired.*clock/],
  ['a future', { from: '20480101000000Z', until: '20490101000000Z' }, /not valid yet.*clock/],
  ['another host’s', { names: 'DNS:receiver.test' }, /for another name: use a name of the certificate/],
] as const;

for (const [name, options, explanation] of faulty)
  test(`refuses ${name} certificate and explains it, unless certificates are not verified`, async () => {
    await using server = await serve(authority.issue(options));
    const { post } = createTransport({}, { caFile: authority.path });
    const { kind, problem } = await post(`https://localhost:${server.port}/`);
    assert.equal(kind, 'retryable');
    assert.match(problem, explanation);
    const { transport, post: postAnyway } = createTransport({}, { insecureSkipVerify: true });
    assert.equal((await postAnyway(`https://localhost:${server.port}/`)).kind, 'success');
    transport.close();
  });

test('presents a client certificate, and explains that one is demanded', async () => {
  const client = authority.issue({ names: 'DNS:agent.test' });
  await using server = await serve(authority.issue(), { ca: authority.cert, requestCert: true });
  const caFile = authority.path;
  const clientFiles = { clientCertificateFile: client.certificatePath, clientKeyFile: client.keyPath };
  const { transport, post } = createTransport({}, { caFile, ...clientFiles });
  assert.equal((await post(`https://127.0.0.1:${server.port}/`)).kind, 'success');
  transport.close();
  const stranger = other.issue();
  const strangerFiles = { clientCertificateFile: stranger.certificatePath, clientKeyFile: stranger.keyPath };
  for (const files of [{}, strangerFiles]) {
    const { problem, kind } = await createTransport({}, { caFile, ...files }).post(`https://127.0.0.1:${server.port}/`);
    assert.equal(kind, 'retryable');
    assert.match(problem, /client certificate.*client-certificate-file|closed the connection/);
  }
  const without = await createTransport({}, { caFile }).post(`https://127.0.0.1:${server.port}/`);
  assert.match(without.problem, /demands a client certificate/);
});

test('goes on without a ca-file that cannot be used, and says so in every problem', async () => {
  const caFile = join(authority.folder, 'changing.pem');
  await using server = await serve(authority.issue());
  const { transport, post } = createTransport({}, { caFile });
  const url = `https://localhost:${server.port}/`;
  const contents: readonly (readonly [text: string | undefined, fault: RegExp])[] = [
    [undefined, /does not exist/],
    ['not PEM', /no certificate in PEM format/],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /certificate 1 of 1 is damaged/],
  ];
  for (const [text, fault] of contents) {
    if (text !== undefined) writeFileSync(caFile, text);
    const { kind, problem } = await post(url);
    assert.equal(kind, 'retryable');
    assert.match(problem, fault);
    assert.match(transport.problem(), fault);
  }
  rmSync(caFile);
  copyFileSync(authority.path, caFile);
  appendFileSync(caFile, '\n# renewed\n');
  assert.equal((await post(url)).kind, 'success');
  assert.equal(transport.problem(), '');
  transport.close();
});

test('reports a client key that is missing, encrypted or of another certificate', async () => {
  const client = authority.issue();
  const { keyPath: otherKey } = authority.issue();
  const encrypted = join(authority.folder, 'encrypted.key');
  writeFileSync(encrypted, '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n');
  for (const [clientKeyFile, fault] of [
    [undefined, /must both be set/],
    [join(authority.folder, 'missing.key'), /client-key-file .*does not exist/],
    [encrypted, /encrypted key is not supported/],
    [otherKey, /does not belong to the certificate/],
  ] as const) {
    const files = { clientCertificateFile: client.certificatePath, clientKeyFile, insecureSkipVerify: true };
    await using server = await serve(authority.issue());
    const { transport, post } = createTransport({}, files);
    assert.equal((await post(`https://localhost:${server.port}/`)).kind, 'success');
    assert.match(transport.problem(), fault);
    transport.close();
  }
});

test('explains a receiver that does not speak TLS', async () => {
  await using plain = await openReceiver((response) => response.writeHead(204).end());
  const { problem, kind } = await createTransport({}, { insecureSkipVerify: true }).post(
    `https://localhost:${plain.port}/`,
  );
  assert.equal(kind, 'retryable');
  assert.match(problem, /does not speak TLS.*check the scheme and the port/);
});

test('explains a connection that ends during the handshake', async () => {
  await using server = await openTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const { problem } = await createTransport({}, { insecureSkipVerify: true }).post(`https://localhost:${server.port}/`);
  assert.match(problem, /closed the connection/);
});
