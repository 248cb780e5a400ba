// Precedence of flags, environment and settings file, and values derived from other settings.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Config } from '../../src/settings/index.ts';
import { isInvalid, resolve, shown, withFile } from '../helpers/settings.ts';

describe('precedence', () => {
  const flags = { 'scrape-interval': '1s' };
  const env = { COROOT_SCRAPE_INTERVAL: '2s' };
  const file = { 'scrape-interval': '3s' };

  it('is flag, environment, file, default', () => {
    assert.equal(withFile(file, flags, env).scrapeIntervalMs, 1000);
    assert.equal(withFile(file, {}, env).scrapeIntervalMs, 2000);
    assert.equal(withFile(file).scrapeIntervalMs, 3000);
    assert.equal(withFile({}).scrapeIntervalMs, 15_000);
  });

  it('decides the origin that is shown', () => {
    const origin = (config: Config) => shown(config, 'scrape-interval').origin;
    assert.equal(origin(withFile(file, flags, env)), 'flag --scrape-interval');
    assert.equal(origin(withFile(file, {}, env)), 'environment COROOT_SCRAPE_INTERVAL');
    assert.equal(origin(withFile(file)), 'file my.json');
    assert.equal(origin(withFile({})), 'default');
  });

  it('holds for switches: --no-loop overrides the environment', () => {
    assert.equal(resolve({ loop: false }, { COROOT_LOOP: '1' }).loop, false);
    assert.equal(resolve({ loop: true }, { COROOT_LOOP: '0' }).loop, true);
  });

  it('replaces lists instead of joining them', () =>
    assert.deepEqual(
      resolve({ 'track-public-network': ['10.0.0.0/8'] }, { COROOT_TRACK_PUBLIC_NETWORK: '::/0' }).trackPublicNetwork,
      ['10.0.0.0/8'],
    ));
});

describe('the environment', () => {
  it('counts an empty variable as not set', () => {
    const config = withFile(
      { 'scrape-interval': '3s' },
      {},
      { COROOT_SCRAPE_INTERVAL: '', COROOT_LOOP: '', COROOT_TRACK_PUBLIC_NETWORK: '' },
    );
    assert.equal(config.scrapeIntervalMs, 3000);
    assert.equal(config.loop, false);
    assert.deepEqual(config.trackPublicNetwork, ['0.0.0.0/0']);
  });

  for (const text of ['1', 't', 'T', 'true', 'TRUE', 'True'])
    it(`parses ${text} as true`, () => assert.equal(loop(text), true));
  for (const text of ['0', 'f', 'F', 'false', 'FALSE', 'False'])
    it(`parses ${text} as false`, () => assert.equal(loop(text), false));
  for (const text of ['yes', 'on', 'tRUE', '2', ' true'])
    it(`refuses ${text}`, () => assert.throws(() => loop(text), isInvalid('loop')));

  function loop(text: string): boolean {
    return resolve({}, { COROOT_LOOP: text }).loop;
  }

  it('splits lists at line breaks, LF or CRLF', () =>
    assert.deepEqual(
      resolve({}, { COROOT_TRACK_PUBLIC_NETWORK: '10.0.0.0/8\r\nfd00::/8\n\n1.0.0.0/8\n' }).trackPublicNetwork,
      ['10.0.0.0/8', 'fd00::/8', '1.0.0.0/8'],
    ));

  it('disables the port filter with an empty text, as the flag does', () => {
    assert.deepEqual(resolve({}, { COROOT_EPHEMERAL_PORT_RANGE: '' }).ephemeralPortRange, []);
    assert.deepEqual(resolve({ 'ephemeral-port-range': '' }).ephemeralPortRange, []);
  });
});

describe('endpoints', () => {
  const derived: readonly [base: string, metrics: string, logs: string][] = [
    ['http://coroot:8080', 'http://coroot:8080/v1/metrics', 'http://coroot:8080/v1/logs'],
    ['http://coroot/', 'http://coroot/v1/metrics', 'http://coroot/v1/logs'],
    ['https://h/base', 'https://h/base/v1/metrics', 'https://h/base/v1/logs'],
    ['https://h//a//b///', 'https://h/a/b/v1/metrics', 'https://h/a/b/v1/logs'],
    ['https://h/base/?tenant=a//b', 'https://h/base/v1/metrics?tenant=a//b', 'https://h/base/v1/logs?tenant=a//b'],
    ['https://me:pw@h/', 'https://me:pw@h/v1/metrics', 'https://me:pw@h/v1/logs'],
  ];
  for (const [base, metrics, logs] of derived)
    it(`are derived from ${base}`, () => {
      const config = resolve({ 'collector-endpoint': base });
      assert.equal(config.metricsEndpoint?.href, metrics);
      assert.equal(config.logsEndpoint?.href, logs);
      assert.equal(shown(config, 'logs-endpoint').origin, 'derived from collector-endpoint');
    });

  it('are derived only if they are not set', () => {
    const config = resolve({ 'collector-endpoint': 'http://a', 'metrics-endpoint': 'http://b/write' });
    assert.equal(config.metricsEndpoint?.href, 'http://b/write');
    assert.equal(config.logsEndpoint?.href, 'http://a/v1/logs');
    assert.equal(shown(config, 'metrics-endpoint').origin, 'flag --metrics-endpoint');
  });

  it('an empty text does not set an endpoint and does not hide a lower source', () => {
    assert.equal(resolve({ 'collector-endpoint': '' }).metricsEndpoint, undefined);
    assert.equal(
      resolve({ 'collector-endpoint': '' }, { COROOT_COLLECTOR_ENDPOINT: 'http://e' }).collectorEndpoint?.host,
      'e',
    );
    assert.equal(
      withFile({ 'collector-endpoint': 'http://f' }, { 'collector-endpoint': '' }).collectorEndpoint?.host,
      'f',
    );
    assert.equal(withFile({ 'collector-endpoint': '' }).collectorEndpoint, undefined);
    assert.equal(
      resolve({ 'collector-endpoint': 'http://a', 'logs-endpoint': '' }).logsEndpoint?.href,
      'http://a/v1/logs',
    );
  });

  it('do not change listen', () =>
    assert.deepEqual(resolve({ listen: '0.0.0.0:9', 'metrics-endpoint': 'http://a' }).listen, {
      host: '0.0.0.0',
      port: 9,
    }));
});
