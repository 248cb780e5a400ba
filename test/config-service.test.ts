// Settings that matter to a service: caps, the data folder, and the values that no report may hold.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dataFolder, type Flags, hiddenTexts, resolveConfig } from '../src/config.ts';

const resolve = (flags: Flags, env: Record<string, string> = {}) => resolveConfig({ flags, env, platform: 'linux' });

describe('caps', () => {
  it('are off by default', () => {
    const { cpuLimitPercent, memoryLimitBytes } = resolve({});
    assert.deepEqual([cpuLimitPercent, memoryLimitBytes], [undefined, undefined]);
  });

  for (const [text, percent] of [
    ['1%', 1],
    ['10%', 10],
    ['2.5%', 2.5],
    ['100%', 100],
  ] as const)
    it(`cpu-limit takes ${text}`, () => assert.equal(resolve({ 'cpu-limit': text }).cpuLimitPercent, percent));
  for (const text of ['10', '0%', '0.99%', '100.01%', '-5%', '1.234%', 'x%', '10 %'])
    it(`cpu-limit refuses ${text}`, () =>
      assert.throws(() => resolve({ 'cpu-limit': text }), /cpu-limit: .* is not allowed/));

  it('memory-limit is a size from 128MB', () => {
    assert.equal(resolve({ 'memory-limit': '128MB' }).memoryLimitBytes, 134_217_728);
    assert.equal(resolve({ 'memory-limit': '1GB' }).memoryLimitBytes, 1_073_741_824);
    for (const text of ['127MB', '0', '512', '99999999999PB'])
      assert.throws(() => resolve({ 'memory-limit': text }), /memory-limit: .* is not allowed/, text);
  });
});

describe('what no report may hold', () => {
  const config = resolve(
    {
      'api-key': 'k1',
      'collector-endpoint': 'https://user:pw@coroot.example.com:8443/x',
      'container-denylist': ['^/win/Payroll', 'ab'],
    },
    { COROOT_SCRAPE_INTERVAL: '17s', COROOT_CA_FILE: 'C:\\keys\\own-ca.pem' },
  );
  const hidden = new Map(hiddenTexts(config));

  it('is each secret, however short, and each longer value that somebody chose', () => {
    assert.equal(hidden.get('k1'), '<api-key>');
    assert.equal(hidden.get('https://user:pw@coroot.example.com:8443/x'), '<collector-endpoint>');
    assert.equal(hidden.get('^/win/Payroll'), '<container-denylist>');
    assert.equal(hidden.get('C:\\keys\\own-ca.pem'), '<ca-file>');
  });

  it('is the host of an endpoint as well, as errors of the network quote it', () => {
    for (const host of ['coroot.example.com:8443', 'coroot.example.com'])
      assert.match(hidden.get(host)!, /^<(collector|metrics|logs)-endpoint>$/);
  });

  it('is not a default, nor a text that is everywhere', () => {
    for (const text of ['17s', 'ab', '127.0.0.1:10300', '500MB']) assert.equal(hidden.has(text), false, text);
  });

  it('comes longest first, so that no part of a longer one is left', () => {
    const lengths = [...hidden.keys()].map(({ length }) => length);
    assert.deepEqual(
      lengths,
      lengths.toSorted((a, b) => b - a),
    );
  });
});

describe('a default settings file that this account may not read', () => {
  const read = (ignoreUnreadable: boolean) =>
    resolveConfig({
      flags: {},
      env: {},
      platform: 'win32',
      ignoreUnreadable,
      readFile: () => {
        throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
      },
    });

  it('counts as none for clients, which any user may be', () => assert.equal(read(true).listen.port, 10_300));
  it('is an error for an agent', () => assert.throws(() => read(false), { code: 'SETTINGS_FILE_INVALID' }));
});

it('the data folder is below ProgramData, wherever that is', () => {
  assert.equal(dataFolder({ ProgramData: 'D:\\Data' }), 'D:\\Data\\CorootAgent');
  assert.equal(dataFolder({}), 'C:\\ProgramData\\CorootAgent');
});
