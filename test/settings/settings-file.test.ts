// The settings file: where it is read from, what it may hold, and errors that name the mistake.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ConfigSources, dataFolder, resolveConfig } from '../../src/settings/index.ts';
import { isInvalidFile, noSuchFile, shown, withFile } from '../helpers/settings.ts';

describe('the settings file', () => {
  it('accepts texts, numbers, switches and lists', () => {
    const config = withFile({
      'max-label-length': 10,
      loop: true,
      'track-public-network': ['::/0'],
      region: 'r',
      'container-denylist': 'x',
    });
    assert.equal(config.maxLabelLength, 10);
    assert.equal(config.loop, true);
    assert.deepEqual(config.trackPublicNetwork, ['::/0']);
    assert.equal(config.region, 'r');
    assert.equal(config.containerDenylist('x'), true);
  });

  it('is named by the flag, then the environment, then the default path on Windows', () => {
    const read: string[] = [];
    const readFile = (path: string) => {
      read.push(path);
      return '{}';
    };
    const env = { COROOT_SETTINGS_FILE: 'e.json', ProgramData: 'D:\\Data' };
    const origin = (sources: Partial<ConfigSources>) =>
      shown(resolveConfig({ flags: {}, env, readFile, platform: 'win32', ...sources }), 'settings-file').origin;
    assert.equal(origin({ settingsFile: 'f.json' }), 'flag --settings-file');
    assert.equal(origin({}), 'environment COROOT_SETTINGS_FILE');
    assert.equal(origin({ env: { ...env, COROOT_SETTINGS_FILE: '' } }), 'default');
    assert.deepEqual(read, ['f.json', 'e.json', 'D:\\Data\\CorootAgent\\settings.json']);
  });

  it('may be absent unless it is named', () => {
    assert.equal(resolveConfig({ flags: {}, env: {}, platform: 'win32', readFile: noSuchFile }).loop, false);
    const named = [{ settingsFile: 'gone.json' }, { env: { COROOT_SETTINGS_FILE: 'gone.json' } }];
    for (const sources of named)
      assert.throws(
        () => resolveConfig({ flags: {}, env: {}, platform: 'win32', readFile: noSuchFile, ...sources }),
        isInvalidFile(/gone\.json .*no such file/),
      );
  });

  it('an unreadable file is an error, named or not', () => {
    const readFile = () => {
      throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
    };
    assert.throws(
      () => resolveConfig({ flags: {}, env: {}, platform: 'win32', readFile }),
      isInvalidFile(/permission denied/),
    );
  });

  const bad: readonly [what: string, content: unknown, message: RegExp][] = [
    ['an array', [], /not a JSON object/],
    [
      'an object with a key twice',
      '{"loop": true,\n "loop": false}',
      /"loop" is there twice, at line 1 column 2 and line 2 column 2/,
    ],
    ['null', 'null', /not a JSON object/],
    ['a text', '"x"', /not a JSON object/],
    ['no JSON', '{"a"', /JSON/],
    ['nothing', '', /JSON/],
    ['an unknown name', { 'log-per-second': 1 }, /no setting "log-per-second"/],
    ['itself', { 'settings-file': 'x' }, /no setting "settings-file"/],
    ['a name of objects', '{"__proto__": "x", "constructor": "y"}', /no setting "__proto__"/],
    ['a nested value', { listen: { port: 1 } }, /"listen" must be one value/],
    ['null as value', { listen: null }, /"listen" must be one value/],
    ['a list for one value', { listen: ['h:1'] }, /"listen" must be one value/],
    ['a list of numbers', { 'container-denylist': [1] }, /"container-denylist" must be a list of texts/],
    ['more than 1 MiB', `{}${' '.repeat(1_048_575)}`, /larger than 1048576 bytes/],
  ];
  for (const [what, content, message] of bad)
    it(`cannot be ${what}`, () => assert.throws(() => withFile(content), isInvalidFile(message)));

  it('may be exactly 1 MiB long and begin with a byte order mark', () => {
    assert.equal(withFile(`{}${' '.repeat(1_048_574)}`).loop, false);
    assert.equal(withFile('\uFEFF{"loop": true}').loop, true);
  });

  it('suggests the name of a misspelt setting', () => {
    for (const name of ['listn', 'scrapeInterval', 'COROOT_SCRAPE_INTERVAL', 'scrape_interval', '--loop'])
      assert.throws(
        () => withFile({ [name]: '1' }),
        isInvalidFile(/; did you mean "(listen|scrape-interval|loop)"\?$/),
      );
    assert.throws(() => withFile({ pinger: '1' }), isInvalidFile(/docs\/configuration\.md/));
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

  it('counts as absent for clients, which any user may run', () => assert.equal(read(true).listen.port, 10_300));
  it('is an error for an agent', () => assert.throws(() => read(false), { code: 'SETTINGS_FILE_INVALID' }));
});

it('the data folder is below ProgramData', () => {
  assert.equal(dataFolder({ ProgramData: 'D:\\Data' }), 'D:\\Data\\CorootAgent');
  assert.equal(dataFolder({}), 'C:\\ProgramData\\CorootAgent');
});
