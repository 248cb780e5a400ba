// Requests through a proxy: tunnels for HTTPS, absolute URLs for HTTP, passwords, and proxies that fail.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import { Authority } from '../../helpers/certificates.ts';
import { createTransport, openProxy, openReceiver, openTcp } from '../../helpers/receiver.ts';

const authority = new Authority();
after(() => authority[Symbol.dispose]());

const through = (proxy: string) => ({
  proxyFor: () => ({ proxy: new URL(proxy), origin: 'test', problem: '' }),
});
const trust = { caFile: authority.path };
const serve = () => {
  const { cert, key } = authority.issue({ names: 'DNS:receiver.test' });
  return openReceiver((response) => response.writeHead(204).end(), { cert, key });
};

test('opens a tunnel for HTTPS, with the user and password of the proxy, and reuses it', async () => {
  await using server = await serve();
  await using proxy = await openProxy('us@er:p:ss');
  const { transport, post } = createTransport(through(`http://us%40er:p%3Ass@127.0.0.1:${proxy.port}`), trust);
  for (let request = 0; request < 2; request++)
    assert.equal((await post(`https://receiver.test:${server.port}/`)).kind, 'success');
  assert.deepEqual(proxy.tunnels, [`receiver.test:${server.port}`]);
  assert.equal(server.received[0]!.headers['proxy-authorization'], undefined);
  transport.close();
});

test('sends HTTP with an absolute URL', async () => {
  await using proxy = await openProxy();
  const { transport, post } = createTransport(through(`http://127.0.0.1:${proxy.port}`));
  assert.equal((await post('http://receiver.test:9090/write?x=1')).kind, 'success');
  assert.deepEqual(proxy.plain, ['http://receiver.test:9090/write?x=1']);
  transport.close();
});

test('holds the queue when the proxy refuses the password, over HTTP and HTTPS', async () => {
  await using proxy = await openProxy('user:right');
  const { transport, post } = createTransport(through(`http://user:canary@127.0.0.1:${proxy.port}`), trust);
  for (const scheme of ['http', 'https']) {
    const { kind, status, problem } = await post(`${scheme}://receiver.test/`);
    assert.deepEqual([kind, status], ['refused', 407]);
    assert.match(problem, /proxy.*user and password.*URL of proxy/);
    assert.doesNotMatch(problem, /canary|right/);
  }
  transport.close();
});

test('distinguishes a proxy that forbids a receiver from one that cannot reach it', async () => {
  for (const [answer, kind, explanation] of [
    ['403 Filtered', 'refused', /does not allow connections to receiver.test:443/],
    ['502 Bad Gateway', 'retryable', /answered 502 and cannot reach receiver.test:443/],
    ['503 Unavailable', 'retryable', /answered 503/],
  ] as const) {
    await using proxy = await openTcp((socket) => socket.once('data', () => socket.end(`HTTP/1.1 ${answer}\r\n\r\n`)));
    const outcome = await createTransport(through(`http://127.0.0.1:${proxy.port}`), trust).post(
      'https://receiver.test/',
    );
    assert.equal(outcome.kind, kind);
    assert.match(outcome.problem, explanation);
  }
});

test('explains a proxy that refuses connections, is unknown, or closes the tunnel', async () => {
  const closed = await openTcp(() => {});
  await closed[Symbol.asyncDispose]();
  await using hangsUp = await openTcp((socket) => socket.once('data', () => socket.end()));
  for (const [host, explanation] of [
    [`127.0.0.1:${closed.port}`, /the proxy 127.0.0.1:\d+ refuses connections.*the setting proxy/],
    ['proxy.invalid:3128', /the proxy proxy.invalid:3128.*(setting proxy|DNS)/],
    [`127.0.0.1:${hangsUp.port}`, /the proxy 127.0.0.1:\d+ closed the connection/],
  ] as const) {
    const { kind, problem } = await createTransport(through(`http://${host}`), trust).post('https://receiver.test/');
    assert.equal(kind, 'retryable', host);
    assert.match(problem, explanation);
  }
});

test('ends at the deadline, and by an abort, while the proxy opens the tunnel', async () => {
  const sockets: Socket[] = [];
  await using proxy = await openTcp((socket) => {
    sockets.push(socket);
    socket.resume();
  });
  const late = createTransport(through(`http://127.0.0.1:${proxy.port}`), trust);
  const pending = late.post('https://receiver.test/');
  while (sockets.length < 1) await new Promise(setImmediate);
  late.passDeadline();
  assert.match((await pending).problem, /no complete answer within 30 s.*setting proxy/);
  const abort = new AbortController();
  const { post } = createTransport(through(`http://127.0.0.1:${proxy.port}`), trust);
  const aborted = post('https://receiver.test/', 'x', {}, abort.signal);
  while (sockets.length < 2) await new Promise(setImmediate);
  abort.abort();
  assert.equal((await aborted).kind, 'retryable');
  for (const socket of sockets) if (!socket.destroyed) await once(socket, 'close');
});

test('does not send anything when the configured proxy cannot be used', async () => {
  await using server = await openReceiver((response) => response.writeHead(204).end());
  const proxyFor = () => ({ proxy: undefined, origin: 'test', problem: 'only http:// proxies are supported' });
  const { kind, problem } = await createTransport({ proxyFor }).post(`http://127.0.0.1:${server.port}/`);
  assert.equal(kind, 'refused');
  assert.match(problem, /only http:\/\/ proxies/);
  assert.equal(server.received.length, 0);
});

test('ignores the proxy variables of the process', async () => {
  await using server = await openReceiver((response) => response.writeHead(204).end());
  const before = { ...process.env };
  Object.assign(process.env, {
    HTTP_PROXY: 'http://127.0.0.1:1',
    http_proxy: 'http://127.0.0.1:1',
    NODE_USE_ENV_PROXY: '1',
  });
  try {
    const { transport, post } = createTransport();
    assert.equal((await post(`http://127.0.0.1:${server.port}/`)).kind, 'success');
    transport.close();
  } finally {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'NODE_USE_ENV_PROXY'])
      if (before[name] === undefined) delete process.env[name];
  }
});
