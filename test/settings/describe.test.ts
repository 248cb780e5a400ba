// Settings as they are shown: masked secrets, and texts that reports must not contain.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeConfig, effectiveSettings, hiddenTexts, resolveConfig } from '../../src/settings/index.ts';
import { isInvalid, isInvalidFile, resolve, shown, withFile } from '../helpers/settings.ts';

describe('secrets', () => {
  const flags = {
    'api-key': 'S3CRET',
    'collector-endpoint': 'https://me:S3CRET@h/base?token=S3CRET&tenant=a',
    'logs-endpoint': 'https://h/l?apikey=S3CRET',
  };

  it('are masked in descriptions, derived settings included', () => {
    const config = resolve(flags);
    assert.equal(config.apiKey, 'S3CRET');
    assert.equal(config.metricsEndpoint?.password, 'S3CRET');
    assert.doesNotMatch(JSON.stringify([describeConfig(config), effectiveSettings(config)]), /S3CRET/);
    assert.equal(shown(config, 'api-key').value, '********');
    assert.equal(
      shown(config, 'metrics-endpoint').value,
      'https://********@h/base/v1/metrics?token=********&tenant=********',
    );
  });

  it('are masked in errors', () => {
    for (const url of ['ftp://me:S3CRET@h', 'me:S3CRET@h', 'https://me:S3CRET@h:99999/?key=S3CRET'])
      assert.throws(
        () => resolve({ 'metrics-endpoint': url }),
        (error: Error) => isInvalid('metrics-endpoint')(error) && !error.message.includes('S3CRET'),
      );
    assert.throws(
      () => withFile('{"api-key": S3CRET}'),
      (error: Error) => isInvalidFile(/line 1/)(error) && !error.message.includes('S3CRET'),
    );
  });

  it('in the path of the settings file are masked in descriptions, origins and errors', () => {
    const path = 'https://me:S3CRET@h/settings.json?sig=S3CRET';
    const config = resolveConfig({ flags: {}, env: {}, settingsFile: path, readFile: () => '{"region": "r"}' });
    assert.doesNotMatch(JSON.stringify(describeConfig(config)), /S3CRET/);
    assert.match(shown(config, 'region').origin, /^file https:.*h\/settings\.json/);
    const noFile = () => {
      throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: 'ENOENT' });
    };
    for (const readFile of [noFile, () => '{', () => '{"regio": 1}', () => '{"region": []}', () => 'x'.repeat(2 ** 21)])
      assert.throws(
        () => resolveConfig({ flags: {}, env: {}, settingsFile: path, readFile }),
        (error: Error) => isInvalidFile(/settings\.json/)(error) && !error.message.includes('S3CRET'),
      );
  });

  it('in parameters of values without a scheme are masked in errors', () => {
    for (const [name, value] of Object.entries({
      listen: 'h:80/x?k=S3CRET',
      'no-proxy': '/a?k=S3CRET',
      host: 'x?k=S3CRET',
    }))
      assert.throws(
        () => resolve({ [name]: name === 'no-proxy' ? [value] : value }),
        (error: Error) => isInvalid(name)(error) && !error.message.includes('S3CRET'),
      );
    assert.equal(shown(resolve({ 'ca-file': '/ca.pem?sig=S3CRET' }), 'ca-file').value, '/ca.pem?sig=********');
  });

  it('of a proxy are masked and hidden, also without a scheme, and in errors', () => {
    for (const proxy of ['http://me:S3CRET@proxy:3128', 'me:S3CRET@proxy:3128']) {
      const config = resolve({ proxy });
      assert.equal((config.proxy as URL).password, 'S3CRET');
      assert.doesNotMatch(JSON.stringify([describeConfig(config), effectiveSettings(config)]), /S3CRET/);
      assert.match(shown(config, 'proxy').value, /proxy:3128$/);
      assert.equal(new Map(hiddenTexts(config)).get('S3CRET'), '<proxy>');
    }
    assert.equal(shown(resolve({ proxy: 'none' }), 'proxy').value, 'none');
    assert.equal(shown(resolve({ proxy: 'proxy:3128' }), 'proxy').value, 'proxy:3128');
    assert.throws(
      () => resolve({ proxy: 'socks5://me:S3CRET@proxy:1' }),
      (error: Error) => isInvalid('proxy')(error) && !error.message.includes('S3CRET'),
    );
  });

  it('a secret that is not set is shown as empty', () => assert.equal(shown(resolve(), 'api-key').value, ''));
});

describe('texts hidden from reports', () => {
  const config = resolve(
    {
      'api-key': 'k1',
      'collector-endpoint': 'https://user:pw@coroot.example.com:8443/x',
      'container-denylist': ['^/win/Payroll', 'ab'],
    },
    { COROOT_SCRAPE_INTERVAL: '17s', COROOT_CA_FILE: 'C:\\keys\\own-ca.pem' },
  );
  const hidden = new Map(hiddenTexts(config));

  it('include every secret, however short, and every longer configured value', () => {
    assert.equal(hidden.get('k1'), '<api-key>');
    assert.equal(hidden.get('https://user:pw@coroot.example.com:8443/x'), '<collector-endpoint>');
    assert.equal(hidden.get('^/win/Payroll'), '<container-denylist>');
    assert.equal(hidden.get('C:\\keys\\own-ca.pem'), '<ca-file>');
  });

  it('include the host of an endpoint, which network errors quote', () => {
    for (const host of ['coroot.example.com:8443', 'coroot.example.com'])
      assert.match(hidden.get(host)!, /^<(collector|metrics|logs)-endpoint>$/);
  });

  it('include user information and parameter values of an endpoint, as written and decoded', () => {
    const texts = new Map(hiddenTexts(resolve({ 'collector-endpoint': 'https://t%6Fken@h/?x=S3CRET%21#frag=fr4g' })));
    for (const text of ['t%6Fken', 'token', 'S3CRET%21', 'S3CRET!', 'fr4g']) assert.ok(texts.has(text), text);
  });

  it('do not include defaults and short texts', () => {
    for (const text of ['17s', 'ab', '127.0.0.1:10300', '500MB']) assert.equal(hidden.has(text), false, text);
  });

  it('are sorted by length, so that a longer text is replaced as a whole', () => {
    const lengths = [...hidden.keys()].map(({ length }) => length);
    assert.deepEqual(
      lengths,
      lengths.toSorted((a, b) => b - a),
    );
  });
});
