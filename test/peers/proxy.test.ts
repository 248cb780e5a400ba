// The transport through a real proxy, with and without a password.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { tinyproxyPackage, whyNoPeer } from '../../scripts/lib/debian-peers.ts';
import { bypassEntries } from '../../src/exporters/transport/bypass-list.ts';
import { chooseProxy, type ProxySources } from '../../src/exporters/transport/proxy.ts';
import { Authority } from '../helpers/certificates.ts';
import { openTinyproxy } from '../helpers/peers/tinyproxy.ts';
import { createTransport, openReceiver } from '../helpers/receiver.ts';

const skip = await whyNoPeer(tinyproxyPackage);
const authority = new Authority();
after(() => authority[Symbol.dispose]());
const trust = { caFile: authority.path };

/** Receivers of HTTP and of HTTPS. */
async function openReceivers() {
  const plain = await openReceiver((response) => response.writeHead(204).end());
  const { cert, key } = authority.issue();
  const secure = await openReceiver((response) => response.writeHead(204).end(), { cert, key });
  return {
    plain,
    secure,
    urls: [`http://127.0.0.1:${plain.port}/v1/metrics`, `https://localhost:${secure.port}/`],
    [Symbol.asyncDispose]: async () => {
      await plain[Symbol.asyncDispose]();
      await secure[Symbol.asyncDispose]();
    },
  };
}

const sources = (proxy: URL | undefined, values: Partial<ProxySources> = {}): ProxySources => ({
  proxy,
  noProxy: [],
  env: {},
  winHttp: () => undefined,
  ...values,
});
const through = (from: ProxySources) => ({ proxyFor: (url: URL) => chooseProxy(url, from) });

test('sends HTTP and HTTPS through a proxy without a password', { skip }, async () => {
  await using proxy = await openTinyproxy();
  await using receivers = await openReceivers();
  const { transport, post } = createTransport(through(sources(proxy.url)), trust);
  for (const url of receivers.urls) assert.equal((await post(url)).kind, 'success', url);
  assert.deepEqual(proxy.requests(), [`POST ${receivers.urls[0]}`, `CONNECT localhost:${receivers.secure.port}`]);
  assert.equal(receivers.plain.received.length, 1);
  assert.equal(receivers.secure.received.length, 1);
  transport.close();
});

test('sends the user and password that the proxy demands, and not to the receiver', { skip }, async () => {
  await using proxy = await openTinyproxy({ user: 'agent', password: 'canary' });
  await using receivers = await openReceivers();
  const url = new URL(proxy.url);
  [url.username, url.password] = ['agent', 'canary'];
  const { transport, post } = createTransport(through(sources(url)), trust);
  for (const target of receivers.urls) assert.equal((await post(target)).kind, 'success', target);
  for (const { headers } of [...receivers.plain.received, ...receivers.secure.received])
    assert.doesNotMatch(JSON.stringify(headers), /canary|proxy-auth|Y2FuYXJ5/);
  transport.close();
});

test('is refused with a wrong or missing password and names the setting proxy', { skip }, async () => {
  await using proxy = await openTinyproxy({ user: 'agent', password: 'right' });
  await using receivers = await openReceivers();
  const wrong = new URL(proxy.url);
  [wrong.username, wrong.password] = ['agent', 'canary'];
  for (const configured of [wrong, proxy.url]) {
    const { transport, post } = createTransport(through(sources(configured)), trust);
    for (const target of receivers.urls) {
      const { kind, problem } = await post(target);
      assert.equal(kind, 'refused', problem);
      assert.match(problem, /user and password.*URL of proxy/);
      assert.doesNotMatch(problem, /canary|right/);
    }
    transport.close();
  }
  assert.deepEqual([receivers.plain.received.length, receivers.secure.received.length], [0, 0]);
});

test('goes around the proxy for the names of no-proxy', { skip }, async () => {
  await using proxy = await openTinyproxy();
  await using receivers = await openReceivers();
  const noProxy = bypassEntries('localhost,127.0.0.1');
  const { transport, post } = createTransport(through(sources(proxy.url, { noProxy })), trust);
  for (const url of receivers.urls) assert.equal((await post(url)).kind, 'success', url);
  assert.deepEqual(proxy.requests(), []);
  transport.close();
});

test('explains that the proxy does not run, and succeeds when it runs again', { skip }, async () => {
  await using proxy = await openTinyproxy();
  await using receivers = await openReceivers();
  const { transport, post } = createTransport(through(sources(proxy.url)), trust);
  await proxy.process.stop();
  for (const url of receivers.urls) {
    const { kind, problem } = await post(url);
    assert.equal(kind, 'retryable');
    assert.match(problem, /the proxy 127\.0\.0\.1:\d+ refuses connections.*the setting proxy/);
  }
  await proxy.process.start();
  for (const url of receivers.urls) assert.equal((await post(url)).kind, 'success', url);
  transport.close();
});
