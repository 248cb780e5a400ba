// What `push` says of receivers that refuse, cannot be reached or cannot be trusted, without any secret.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pino from 'pino';
import { pushOnce } from '../src/push.ts';
import { Authority } from './helpers/certificates.ts';
import { openProxy, openReceiver } from './helpers/receiver.ts';
import { resolve } from './helpers/settings.ts';

const logger = pino({ level: 'silent' });
const secrets = {
  'api-key': 'canary-key',
  'request-headers': ['X-Token: canary-header'],
};

let authority: Authority;
before(() => {
  authority = new Authority();
});
after(() => authority[Symbol.dispose]());

/** The answer of a pass that is sent to this endpoint. */
async function answerOf(endpoint: string, flags: Record<string, string> = {}) {
  const tape = { host: 'tape:docs/demo/shop.tape.gz', speed: 'max', 'metrics-endpoint': endpoint };
  const { results } = await pushOnce(resolve({ ...tape, ...secrets, ...flags }), logger, {
    dryRun: false,
    signal: new AbortController().signal,
  });
  assert.doesNotMatch(JSON.stringify(results), /canary/);
  const [{ outcome }] = results as [(typeof results)[number]];
  return { kind: outcome!.kind, status: outcome!.status, problem: outcome!.problem };
}

for (const [status, kind, problem] of [
  [401, 'refused', /answered 401: .*credentials: check api-key and the user and password in the endpoint/],
  [403, 'refused', /answered 403: .*credentials/],
  [404, 'refused', /answered 404: wrong path or, for Coroot, an unknown key: check the endpoint and api-key/],
  [413, 'too-large', /answered 413: the request is too large for the receiver/],
  [400, 'rejected', /answered 400: the receiver does not accept the data/],
  [429, 'retryable', /answered 429: the receiver limits the rate/],
  [302, 'redirected', /answered 302: redirects are not followed: set the endpoint to the final URL/],
  [502, 'retryable', /answered 502: the receiver or a proxy before it fails/],
] as const)
  test(`push explains ${status} and masks secrets that the answer repeats`, async () => {
    await using receiver = await openReceiver((response, { headers }) =>
      response.writeHead(status).end(`${JSON.stringify(headers)} canary-pass`),
    );
    const answer = await answerOf(`http://user:canary-pass@127.0.0.1:${receiver.port}/?token=canary-query`);
    assert.deepEqual([answer.kind, answer.status], [kind, status]);
    assert.match(answer.problem, problem);
  });

test('push names a host that DNS does not know, and a port where nothing listens', async () => {
  const unknown = await answerOf('http://user:canary-pass@receiver.invalid/write', { proxy: 'none' });
  assert.deepEqual([unknown.kind, unknown.status], ['retryable', 0]);
  assert.match(unknown.problem, /receiver\.invalid/);
  assert.match(unknown.problem, /DNS/);
  const closed = await answerOf('http://127.0.0.1:1/write');
  assert.match(closed.problem, /127\.0\.0\.1:1 refuses connections: check that it runs, and the endpoint/);
});

test('push names ca-file for a certificate of an unknown authority', async () => {
  const { cert, key } = authority.issue({ names: 'IP:127.0.0.1' });
  await using receiver = await openReceiver((response) => response.end(), { cert, key });
  const endpoint = `https://127.0.0.1:${receiver.port}/write`;
  const refused = await answerOf(endpoint);
  assert.equal(refused.kind, 'retryable');
  assert.match(refused.problem, /unknown authority: put the certificate of the authority into ca-file/);
  assert.equal((await answerOf(endpoint, { 'ca-file': authority.path })).kind, 'success');
});

test('push names the setting proxy for a wrong password of the proxy', async () => {
  const { cert, key } = authority.issue({ names: 'IP:127.0.0.1' });
  await using receiver = await openReceiver((response) => response.end(), { cert, key });
  await using proxy = await openProxy('user:right');
  const flags = (password: string) => ({
    'ca-file': authority.path,
    proxy: `http://user:${password}@127.0.0.1:${proxy.port}`,
  });
  const endpoint = `https://127.0.0.1:${receiver.port}/write`;
  const refused = await answerOf(endpoint, flags('canary-proxy'));
  assert.deepEqual([refused.kind, refused.status], ['refused', 407]);
  assert.match(refused.problem, /refuses the user and password, or demands them: set them in the URL of proxy/);
  assert.equal((await answerOf(endpoint, flags('right'))).kind, 'success');
  const plain = await answerOf('http://receiver.invalid/write', flags('canary-proxy'));
  assert.deepEqual([plain.kind, plain.status], ['refused', 407]);
  assert.match(plain.problem, /set them in the URL of proxy/);
});
