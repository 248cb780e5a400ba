// The transport against a server on loopback: requests, answers of every kind, and connections that fail.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { OutcomeKind } from '../../../src/exporters/transport/transport.ts';
import { createTransport, openReceiver, openTcp } from '../../helpers/receiver.ts';

/** The table of the reference, with a status beside each class that it does not name. */
const classes: readonly (readonly [status: number, kind: OutcomeKind, problem: RegExp])[] = [
  [200, 'success', /^$/],
  [202, 'success', /^$/],
  [204, 'success', /^$/],
  [301, 'redirected', /redirects are not followed/],
  [302, 'redirected', /redirects are not followed/],
  [304, 'redirected', /redirects are not followed/],
  [307, 'redirected', /redirects are not followed/],
  [308, 'redirected', /redirects are not followed/],
  [400, 'rejected', /does not accept the data/],
  [401, 'refused', /api-key/],
  [403, 'refused', /api-key/],
  [404, 'refused', /unknown key.*api-key/],
  [405, 'refused', /check the endpoint/],
  [407, 'refused', /URL of proxy/],
  [408, 'retryable', /answered 408/],
  [410, 'refused', /answered 410/],
  [413, 'too-large', /too large/],
  [415, 'rejected', /format/],
  [422, 'rejected', /does not accept the data/],
  [425, 'retryable', /answered 425/],
  [429, 'retryable', /limits the rate/],
  [500, 'retryable', /fails/],
  [502, 'retryable', /fails/],
  [503, 'retryable', /fails/],
  [504, 'retryable', /fails/],
  [507, 'retryable', /fails/],
];

test('classifies every status', async () => {
  let status = 200;
  await using server = await openReceiver((response) => response.writeHead(status, { Location: '/elsewhere' }).end());
  const { transport, post } = createTransport();
  for (const [each, kind, problem] of classes) {
    status = each;
    const outcome = await post(`http://127.0.0.1:${server.port}/v1/metrics`);
    assert.deepEqual([outcome.status, outcome.kind], [status, kind]);
    assert.match(outcome.problem, problem, String(status));
    assert.ok(outcome.durationMs >= 0);
  }
  assert.equal(server.received.length, classes.length, 'no redirect is followed');
  transport.close();
});

test('sends the headers of the format, the key and its own, with an explicit length', async () => {
  await using server = await openReceiver((response) => response.writeHead(204).end());
  const { transport, post } = createTransport({ apiKey: 'key-1' });
  await post(`http://u%40ser:p%3Ass@127.0.0.1:${server.port}/a/b?x=1&y=%20`, 'hello', { 'Content-Encoding': 'snappy' });
  const { method, path, headers, body } = server.received[0]!;
  assert.deepEqual([method, path, body], ['POST', '/a/b?x=1&y=%20', 'hello']);
  assert.equal(headers['x-api-key'], 'key-1');
  assert.equal(headers['user-agent'], 'coroot-node-agent');
  assert.equal(headers['content-encoding'], 'snappy');
  assert.equal(headers['content-length'], '5');
  assert.equal(headers['transfer-encoding'], undefined);
  assert.equal(headers.authorization, `Basic ${Buffer.from('u@ser:p:ss').toString('base64')}`);
  transport.close();
});

test('sends further headers, which do not replace those of the format, and masks their values', async () => {
  await using server = await openReceiver((response, { headers }) =>
    response.writeHead(400).end(`tenant ${headers['x-scope-orgid']}`),
  );
  const extraHeaders = { 'X-Scope-OrgID': 'canary-tenant', 'Content-Type': 'text/plain' };
  const { transport, post } = createTransport({ extraHeaders });
  const { problem } = await post(`http://127.0.0.1:${server.port}/`, 'x', { 'Content-Type': 'application/x-protobuf' });
  assert.equal(server.received[0]!.headers['x-scope-orgid'], 'canary-tenant');
  assert.equal(server.received[0]!.headers['content-type'], 'application/x-protobuf');
  assert.doesNotMatch(problem, /canary/);
  transport.close();
});

test('accepts user information with a percent sign that encodes nothing', async () => {
  await using server = await openReceiver((response) => response.writeHead(204).end());
  const { transport, post } = createTransport();
  const { kind } = await post(`http://user:100%25%@127.0.0.1:${server.port}/`);
  assert.equal(kind, 'success');
  transport.close();
});

test('refuses a key that a header cannot have, without sending or quoting it', async () => {
  const { post } = createTransport({ apiKey: 'canary-\u20ac' });
  const { kind, problem } = await post('http://127.0.0.1:1/');
  assert.equal(kind, 'refused');
  assert.match(problem, /api-key .*characters that a header cannot have/);
  assert.doesNotMatch(problem, /canary/);
});

test('reads Retry-After as seconds and as a date, also of a refusal', async () => {
  let headers: Record<string, string> = {};
  await using server = await openReceiver((response) => {
    response.sendDate = false;
    response.writeHead(503, headers).end();
  });
  const { transport, post } = createTransport();
  for (const [value, ms] of [
    ['120', 120_000],
    ['Sat, 28 Nov 2026 00:01:00 GMT', 60_000],
    ['Fri, 27 Nov 2026 00:00:00 GMT', 0],
    ['soon', undefined],
  ] as const) {
    headers = { 'Retry-After': value };
    assert.equal((await post(`http://127.0.0.1:${server.port}/`)).retryAfterMs, ms, value);
  }
  transport.close();
});

test('keeps 64 KiB of an answer, reuses the connection of a short one and cuts a very long one', async () => {
  let size = 1_000_000;
  let written = 0;
  await using server = await openReceiver((response) => {
    response.writeHead(400);
    const chunk = Buffer.alloc(64 * 1024, 0x61);
    const write = (): void => {
      while (written < size) {
        written += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', write);
      }
      response.end();
    };
    written = 0;
    write();
  });
  const { transport, post } = createTransport();
  const url = `http://127.0.0.1:${server.port}/`;
  assert.equal((await post(url)).answer.length, 64 * 1024);
  size = 100 * 1024 * 1024;
  const { answer, kind, problem } = await post(url);
  assert.deepEqual([answer.length, kind], [64 * 1024, 'rejected']);
  assert.ok(problem.length < 500);
  assert.ok(written < 50 * 1024 * 1024, `${written} bytes were sent`);
  transport.close();
});

test('ends at the deadline without an answer, and during an answer by its status', async () => {
  const responses: ServerResponse[] = [];
  let isStarted = false;
  await using server = await openReceiver((response) => {
    responses.push(response);
    if (isStarted) response.writeHead(204 === response.statusCode ? 204 : 200).write('a');
  });
  const url = `http://127.0.0.1:${server.port}/v1/metrics`;
  const silent = createTransport();
  const pending = silent.post(url);
  while (server.received.length === 0) await new Promise(setImmediate);
  silent.passDeadline();
  const { kind, status, problem } = await pending;
  assert.deepEqual([kind, status], ['retryable', 0]);
  assert.match(problem, /no complete answer within 30 s.*endpoint/);
  isStarted = true;
  const trickling = createTransport();
  const second = trickling.post(url);
  while (responses.length < 2) await new Promise(setImmediate);
  responses[1]!.write('b');
  // The client has the status when the server sees its acknowledgement of the data.
  await new Promise((resolve) => setTimeout(resolve, 50));
  trickling.passDeadline();
  const outcome = await second;
  assert.deepEqual([outcome.kind, outcome.status], ['success', 200]);
});

test('an aborted request is retryable and closes its connection', async () => {
  const sockets: Socket[] = [];
  await using server = await openTcp((socket) => {
    sockets.push(socket);
    socket.resume();
  });
  const { post } = createTransport();
  const abort = new AbortController();
  const pending = post(`http://127.0.0.1:${server.port}/`, 'x', {}, abort.signal);
  while (sockets.length === 0) await new Promise(setImmediate);
  abort.abort();
  assert.equal((await pending).kind, 'retryable');
  if (!sockets[0]!.destroyed) await once(sockets[0]!, 'close');
  const again = await post(`http://127.0.0.1:${server.port}/`, 'x', {}, abort.signal);
  assert.deepEqual([again.kind, sockets.length], ['retryable', 1]);
});

test('retries on a new connection when the receiver closed an idle one', async () => {
  let requests = 0;
  const connections = new Set<Socket>();
  await using server = await openTcp((socket) => {
    connections.add(socket);
    socket.on('data', () => {
      requests++;
      // The second request on a connection meets its end, as an idle timeout of the receiver has it.
      if (requests === 2) socket.resetAndDestroy();
      else socket.write('HTTP/1.1 204 No Content\r\n\r\n');
    });
  });
  const { transport, post } = createTransport();
  const url = `http://127.0.0.1:${server.port}/`;
  assert.equal((await post(url)).kind, 'success');
  assert.equal((await post(url)).kind, 'success');
  assert.deepEqual([requests, connections.size], [3, 2]);
  transport.close();
});

/** Bytes that a server answers before it closes, with the class and the explanation. */
const broken: readonly (readonly [name: string, bytes: string, problem: RegExp])[] = [
  ['nothing', '', /closed the connection before its answer/],
  ['half a status line', 'HTTP/1.1 20', /closed the connection|not answer in HTTP/],
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', /does not answer in HTTP: check the scheme and the port/],
  [
    'a flood of headers',
    `HTTP/1.1 200 OK\r\n${'X-Flood: aaaaaaaaaaaaaaaa\r\n'.repeat(20_000)}`,
    /headers that are too large/,
  ],
  ['an upgrade', 'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n', /closed the connection/],
];

for (const [name, bytes, explanation] of broken)
  test(`retries after ${name} and a closed connection, and explains it`, async () => {
    await using server = await openTcp((socket) => socket.once('data', () => socket.end(bytes)));
    const { transport, post } = createTransport();
    const { kind, status, problem } = await post(`http://127.0.0.1:${server.port}/`);
    assert.deepEqual([kind, status], ['retryable', 0]);
    assert.match(problem, explanation);
    transport.close();
  });

test('an answer that is cut after its status counts by the status', async () => {
  const head = (status: string) => `HTTP/1.1 ${status}\r\nContent-Length: 100\r\n\r\nabc`;
  let status = '200 OK';
  await using server = await openTcp((socket) => socket.once('data', () => socket.end(head(status))));
  const { transport, post } = createTransport();
  const accepted = await post(`http://127.0.0.1:${server.port}/`);
  assert.deepEqual([accepted.kind, Buffer.from(accepted.answer).toString()], ['success', 'abc']);
  status = '503 Unavailable';
  assert.equal((await post(`http://127.0.0.1:${server.port}/`)).kind, 'retryable');
  transport.close();
});

test('explains a refused connection and an unknown name', async () => {
  const server = await openTcp(() => {});
  await server[Symbol.asyncDispose]();
  const { post } = createTransport();
  const refused = await post(`http://127.0.0.1:${server.port}/`);
  assert.equal(refused.kind, 'retryable');
  assert.match(refused.problem, new RegExp(`127.0.0.1:${server.port} refuses connections: check that it runs`));
  const unknown = await post('http://receiver.invalid:9090/');
  assert.equal(unknown.kind, 'retryable');
  assert.match(unknown.problem, /receiver.invalid:9090.*(DNS)/);
});

test('never quotes a secret, even if the receiver repeats it', async () => {
  const secrets = ['canary-key', 'canary-user', 'canary-pass', 'canary-token', 'canary value'];
  await using server = await openReceiver((response, { headers, path }) => {
    const credentials = headers.authorization!.slice(6);
    response.writeHead(400).end(`bad ${path} ${credentials} ${atob(credentials)} ${headers['x-api-key']} \u001b[31m`);
  });
  const { transport, post } = createTransport({ apiKey: 'canary-key' });
  const query = 'token=canary-token&other=canary%20value';
  const url = `canary-user:canary-pass@127.0.0.1:${server.port}/w?${query}`;
  const answered = await post(`http://${url}`);
  const failed = await post(`https://${url}`);
  for (const { problem } of [answered, failed]) {
    for (const secret of [...secrets, 'canary', btoa('canary-user:canary-pass')])
      assert.ok(!problem.includes(secret), problem);
    assert.match(problem, /127\.0\.0\.1/);
    assert.doesNotMatch(problem, /\p{Cc}/u);
  }
  assert.match(answered.problem, /token=\*{8}/);
  transport.close();
});

test('never quotes a secret in the escapes of JSON and HTML, or of a Basic header', async () => {
  const apiKey = 'k"<ca&nary>\\';
  const html = apiKey.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
  await using server = await openReceiver((response) => {
    response.writeHead(400).end(`${JSON.stringify({ error: apiKey })} ${html} of tenant-user with tenant-pass`);
  });
  const extraHeaders = { Authorization: `Basic ${btoa('tenant-user:tenant-pass')}` };
  const { transport, post } = createTransport({ apiKey, extraHeaders });
  const { problem } = await post(`http://127.0.0.1:${server.port}/w`);
  assert.doesNotMatch(problem, /nary|tenant-/);
  transport.close();
});

test('adds the headers of the user to every request, and keeps their values out of messages', async () => {
  const headers: IncomingHttpHeaders[] = [];
  await using server = await openReceiver((response, request) => {
    headers.push(request.headers);
    response.writeHead(400).end('bad tenant tenant1 of Bearer token-1234');
  });
  const added = { 'X-Scope-OrgID': 'tenant1', Authorization: 'Bearer token-1234', 'User-Agent': 'mine' };
  const { post } = createTransport({ extraHeaders: added, apiKey: 'k-123456' });
  const { problem } = await post(`http://u:p@127.0.0.1:${server.port}/v1/metrics`);
  const [sent] = headers;
  assert.deepEqual(
    [sent!['x-scope-orgid'], sent!.authorization, sent!['user-agent'], sent!['x-api-key']],
    ['tenant1', 'Bearer token-1234', 'mine', 'k-123456'],
  );
  assert.doesNotMatch(problem, /tenant1|token-1234/);
});
