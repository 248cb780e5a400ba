// Settings: the table of the reference, precedence, what is allowed, the settings file, masks; expected values are the reference's.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AgentError } from '../src/base/errors.ts';
import {
  type Config,
  type ConfigSources,
  describeConfig,
  effectiveSettings,
  type Flags,
  resolveConfig,
  variableOf,
} from '../src/config.ts';

type Env = ConfigSources['env'];

const resolve = (flags: Flags = {}, env: Env = {}): Config => resolveConfig({ flags, env, platform: 'linux' });
const withFile = (content: unknown, flags: Flags = {}, env: Env = {}): Config =>
  resolveConfig({ flags, env, platform: 'linux', settingsFile: 'my.json', readFile: () => textOf(content) });
const textOf = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content));
const shown = (config: Config, name: string) => {
  const { value, origin } = describeConfig(config).find((setting) => setting.name === name)!;
  return { value, origin };
};

/** Flag, variable without COROOT_ and default, as section 2 of the reference has them, but for the two that differ on purpose. */
const reference: readonly [flag: string, variable: string, fallback: string][] = [
  ['listen', 'LISTEN', '127.0.0.1:10300'],
  ['collector-endpoint', 'COLLECTOR_ENDPOINT', ''],
  ['metrics-endpoint', 'METRICS_ENDPOINT', ''],
  ['logs-endpoint', 'LOGS_ENDPOINT', ''],
  ['api-key', 'API_KEY', ''],
  ['insecure-skip-verify', 'INSECURE_SKIP_VERIFY', 'false'],
  ['ca-file', 'CA_FILE', ''],
  ['scrape-interval', 'SCRAPE_INTERVAL', '15s'],
  ['wal-dir', 'WAL_DIR', '.coroot-agent'],
  ['max-spool-size', 'MAX_SPOOL_SIZE', '500MB'],
  ['disable-log-parsing', 'DISABLE_LOG_PARSING', 'false'],
  ['disable-json-log-parsing', 'DISABLE_JSON_LOG_PARSING', 'false'],
  ['log-patterns-per-container', 'LOG_PATTERNS_PER_CONTAINER', '256'],
  ['max-label-length', 'MAX_LABEL_LENGTH', '4096'],
  ['disable-gpu-monitoring', 'DISABLE_GPU_MONITORING', 'false'],
  ['container-allowlist', 'CONTAINER_ALLOWLIST', ''],
  ['container-denylist', 'CONTAINER_DENYLIST', ''],
  ['min-container-age', 'MIN_CONTAINER_AGE', '30s'],
  ['max-fqdns-per-container', 'MAX_FQDNS_PER_CONTAINER', '50'],
  ['ephemeral-port-range', 'EPHEMERAL_PORT_RANGE', '49152-65535'],
  ['track-public-network', 'TRACK_PUBLIC_NETWORK', '0.0.0.0/0'],
  ['exclude-http-requests-by-path', 'EXCLUDE_HTTP_REQUESTS_BY_PATH', ''],
  ['provider', 'PROVIDER', ''],
  ['region', 'REGION', ''],
  ['availability-zone', 'AVAILABILITY_ZONE', ''],
  ['instance-type', 'INSTANCE_TYPE', ''],
  ['instance-life-cycle', 'INSTANCE_LIFE_CYCLE', ''],
];
const ours: typeof reference = [
  ['service-include', 'SERVICE_INCLUDE', ''],
  ['disable-connection-statistics', 'DISABLE_CONNECTION_STATISTICS', 'false'],
  ['disable-etw', 'DISABLE_ETW', 'false'],
  ['max-destinations-per-container', 'MAX_DESTINATIONS_PER_CONTAINER', '500'],
  ['host', 'HOST', 'windows'],
  ['speed', 'SPEED', '1'],
  ['loop', 'LOOP', 'false'],
  ['cpu-limit', 'CPU_LIMIT', ''],
  ['memory-limit', 'MEMORY_LIMIT', ''],
  ['log-level', 'LOG_LEVEL', 'info'],
  ['settings-file', 'SETTINGS_FILE', ''],
];

describe('the table of settings', () => {
  const rows = describeConfig(resolve());

  for (const [flag, variable, fallback] of [...reference, ...ours])
    it(`has ${flag} with its variable and default`, () => {
      assert.equal(variableOf(flag), `COROOT_${variable}`);
      assert.deepEqual(shown(resolve(), flag), { value: fallback, origin: 'default' });
    });

  it('has no others', () =>
    assert.deepEqual(rows.map(({ name }) => name).sort(), [...reference, ...ours].map(([flag]) => flag).sort()));

  it('says something on each', () =>
    assert.deepEqual(
      rows.filter(({ help }) => help.length < 5),
      [],
    ));

  it('gives typed values by default', () => {
    const config = resolve();
    assert.deepEqual(config.listen, { host: '127.0.0.1', port: 10_300 });
    assert.equal(config.scrapeIntervalMs, 15_000);
    assert.equal(config.minContainerAgeMs, 30_000);
    assert.equal(config.maxSpoolBytes, 524_288_000);
    assert.equal(config.logPatternsPerContainer, 256);
    assert.deepEqual(config.ephemeralPortRange, [{ from: 49_152, to: 65_535 }]);
    assert.deepEqual(config.trackPublicNetwork, ['0.0.0.0/0']);
    assert.deepEqual(config.host, { kind: 'windows' });
    assert.deepEqual([config.insecureSkipVerify, config.loop, config.speed], [false, false, 1]);
    for (const key of ['collectorEndpoint', 'metricsEndpoint', 'logsEndpoint', 'apiKey', 'caFile', 'provider'] as const)
      assert.equal(config[key], undefined, key);
  });

  it('keeps its data below ProgramData on Windows', () => {
    const on = (env: Env) => resolveConfig({ flags: {}, env, platform: 'win32', readFile: noSuchFile }).walDir;
    assert.equal(on({ ProgramData: 'D:\\Data' }), 'D:\\Data\\CorootAgent');
    assert.equal(on({}), 'C:\\ProgramData\\CorootAgent');
    assert.equal(on({ ProgramData: '' }), 'C:\\ProgramData\\CorootAgent');
    assert.equal(resolve({ 'wal-dir': 'x' }).walDir, 'x');
  });
});

function noSuchFile(): string {
  throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
}

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

  it('is told as origin', () => {
    const origin = (config: Config) => shown(config, 'scrape-interval').origin;
    assert.equal(origin(withFile(file, flags, env)), 'flag --scrape-interval');
    assert.equal(origin(withFile(file, {}, env)), 'environment COROOT_SCRAPE_INTERVAL');
    assert.equal(origin(withFile(file)), 'file my.json');
    assert.equal(origin(withFile({})), 'default');
  });

  it('holds for switches too: --no-loop wins over the environment', () => {
    assert.equal(resolve({ loop: false }, { COROOT_LOOP: '1' }).loop, false);
    assert.equal(resolve({ loop: true }, { COROOT_LOOP: '0' }).loop, true);
  });

  it('replaces lists, it does not join them', () =>
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
    it(`takes ${text} for true`, () => assert.equal(loop(text), true));
  for (const text of ['0', 'f', 'F', 'false', 'FALSE', 'False'])
    it(`takes ${text} for false`, () => assert.equal(loop(text), false));
  for (const text of ['yes', 'on', 'tRUE', '2', ' true'])
    it(`refuses ${text}`, () => assert.throws(() => loop(text), isInvalid('loop')));

  function loop(text: string): boolean {
    return resolve({}, { COROOT_LOOP: text }).loop;
  }

  it('has lists one entry a line, LF or CRLF', () =>
    assert.deepEqual(
      resolve({}, { COROOT_TRACK_PUBLIC_NETWORK: '10.0.0.0/8\r\nfd00::/8\n\n1.0.0.0/8\n' }).trackPublicNetwork,
      ['10.0.0.0/8', 'fd00::/8', '1.0.0.0/8'],
    ));

  it('switches the port filter off with an empty text, as the flag does', () => {
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

  it('are derived only where they are not set', () => {
    const config = resolve({ 'collector-endpoint': 'http://a', 'metrics-endpoint': 'http://b/write' });
    assert.equal(config.metricsEndpoint?.href, 'http://b/write');
    assert.equal(config.logsEndpoint?.href, 'http://a/v1/logs');
    assert.equal(shown(config, 'metrics-endpoint').origin, 'flag --metrics-endpoint');
  });

  it('set to nothing are not set, and hide nothing', () => {
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

  it('leave listen as it was set', () =>
    assert.deepEqual(resolve({ listen: '0.0.0.0:9', 'metrics-endpoint': 'http://a' }).listen, {
      host: '0.0.0.0',
      port: 9,
    }));
});

describe('values', () => {
  it('of listen: host and port, IPv6 in brackets, no host for every address', () => {
    assert.deepEqual(resolve({ listen: '[::1]:80' }).listen, { host: '::1', port: 80 });
    assert.deepEqual(resolve({ listen: 'localhost:0' }).listen, { host: 'localhost', port: 0 });
    assert.deepEqual(resolve({ listen: ':80' }).listen, { host: '0.0.0.0', port: 80 });
  });

  it('of host: this machine or a tape', () =>
    assert.deepEqual(resolve({ host: 'tape:C:\\a.tape' }).host, { kind: 'tape', file: 'C:\\a.tape' }));

  it('of speed: as recorded or as fast as possible', () => assert.equal(resolve({ speed: 'max' }).speed, 'max'));

  it('of min-container-age: 0 is allowed', () =>
    assert.equal(resolve({ 'min-container-age': '0' }).minContainerAgeMs, 0));

  const bad: readonly [name: string, ...values: string[]][] = [
    ['listen', '', '127.0.0.1', 'h:65536', '::1:80', 'h:x', 'http://h:80'],
    ['collector-endpoint', 'h', '/v1', 'ftp://h', 'http://', 'coroot:8080'],
    ['metrics-endpoint', '//h/x'],
    ['logs-endpoint', 'http://h:99999'],
    ['scrape-interval', '', '0', '0s', '-15s', '15', '1d', '1ns', '9999h'],
    ['max-spool-size', '', '500', '-1MB', 'lots'],
    ['log-patterns-per-container', '', '-1', '1.5', '0x10', '1e3'],
    ['max-label-length', 'x'],
    ['min-container-age', '', '-1s', '30'],
    ['max-fqdns-per-container', 'many'],
    ['ephemeral-port-range', ',', '5', '2-1', '1-65536'],
    ['host', '', 'linux', 'tape:'],
    ['speed', '', '2', 'MAX'],
    ['log-level', '', 'verbose', 'INFO'],
  ];
  for (const [name, ...values] of bad)
    for (const value of values.filter((text) => text !== '' || !name.endsWith('endpoint')))
      it(`of ${name}: not ${JSON.stringify(value)}`, () =>
        assert.throws(() => resolve({ [name]: value }), isInvalid(name, value)));

  it('of lists: each entry is checked, the wrong ones are named', () => {
    assert.throws(
      () => resolve({ 'track-public-network': ['10.0.0.0/8', '10.0.0.0', 'x'] }),
      /: "10\.0\.0\.0", "x" is not allowed/,
    );
    assert.throws(() => resolve({ 'exclude-http-requests-by-path': ['/a*', '/[b'] }), /: "\/\[b" is not allowed/);
    assert.throws(() => resolve({ 'container-denylist': ['good', '(bad'] }), /: "\(bad" is not allowed/);
  });

  it('not allowed are refused in one line with setting, value, what is allowed and origin', () => {
    const message = (sources: () => Config) => {
      try {
        sources();
      } catch (error) {
        return (error as Error).message;
      }
    };
    assert.equal(
      message(() => resolve({}, { COROOT_SCRAPE_INTERVAL: '0\nx' })),
      'scrape-interval: "0\\nx" is not allowed: must be a duration above 0 and up to 24h, e.g. 15s or 1m30s (from environment COROOT_SCRAPE_INTERVAL)',
    );
    assert.match(
      message(() => withFile({ speed: 3 }))!,
      /^speed: "3" is not allowed: must be 1 or max \(from file my\.json\)$/,
    );
  });
});

function isInvalid(setting: string, value?: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof AgentError);
    assert.equal(error.code, 'SETTING_INVALID');
    assert.equal(error.exitCode, 2);
    assert.ok(error.message.startsWith(`${setting}: `), error.message);
    if (value !== undefined) assert.ok(error.message.includes(JSON.stringify(value)), error.message);
    return true;
  };
}

describe('patterns for containers', () => {
  it('match anywhere in the id', () => {
    const { containerDenylist } = resolve({ 'container-denylist': ['sql', '^/win/W'] });
    assert.deepEqual(
      ['/win/MSSQL', '/win/mysql57', '/win/WSearch', '/docker/win/W'].map((id) => containerDenylist(id)),
      [false, true, true, false],
    );
  });

  it('of an empty list allow all and deny none', () => {
    const config = resolve();
    assert.equal(config.containerAllowlist('/win/x'), true);
    assert.equal(config.containerDenylist('/win/x'), false);
  });

  it('of an allowlist allow only what matches', () => {
    const { containerAllowlist } = resolve({}, { COROOT_CONTAINER_ALLOWLIST: 'a$\r\n(?i)SQL' });
    assert.deepEqual(
      ['/win/a', '/win/ab', '/win/mysql'].map((id) => containerAllowlist(id)),
      [true, false, true],
    );
  });

  it('are RE2: what backtracks is refused, what would explode is not slow', () => {
    for (const pattern of ['(?=x)', '(?<!x)', '(a)\\1'])
      assert.throws(() => resolve({ 'container-denylist': [pattern] }), isInvalid('container-denylist'));
    // A backtracking engine would need 2^50 steps here.
    assert.equal(resolve({ 'container-denylist': ['(a+)+$'] }).containerDenylist(`${'a'.repeat(50)}b`), false);
  });
});

describe('the settings file', () => {
  it('takes texts, numbers, switches and lists', () => {
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

  it('is named by flag, then environment, then where Windows keeps it', () => {
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

  it('need not be there unless it is named', () => {
    assert.equal(resolveConfig({ flags: {}, env: {}, platform: 'win32', readFile: noSuchFile }).loop, false);
    const named = [{ settingsFile: 'gone.json' }, { env: { COROOT_SETTINGS_FILE: 'gone.json' } }];
    for (const sources of named)
      assert.throws(
        () => resolveConfig({ flags: {}, env: {}, platform: 'win32', readFile: noSuchFile, ...sources }),
        isBadFile(/gone\.json .*no such file/),
      );
  });

  it('that is there but cannot be read is an error, named or not', () => {
    const readFile = () => {
      throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
    };
    assert.throws(
      () => resolveConfig({ flags: {}, env: {}, platform: 'win32', readFile }),
      isBadFile(/permission denied/),
    );
  });

  const bad: readonly [what: string, content: unknown, message: RegExp][] = [
    ['an array', [], /not a JSON object/],
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
    it(`cannot be ${what}`, () => assert.throws(() => withFile(content), isBadFile(message)));

  it('may be just 1 MiB and begin with a byte order mark', () => {
    assert.equal(withFile(`{}${' '.repeat(1_048_574)}`).loop, false);
    assert.equal(withFile('\uFEFF{"loop": true}').loop, true);
  });

  it('says which name was meant', () => {
    for (const name of ['listn', 'scrapeInterval', 'COROOT_SCRAPE_INTERVAL', 'scrape_interval', '--loop'])
      assert.throws(() => withFile({ [name]: '1' }), isBadFile(/; did you mean "(listen|scrape-interval|loop)"\?$/));
    assert.throws(() => withFile({ pinger: '1' }), isBadFile(/docs\/configuration\.md/));
  });
});

function isBadFile(message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof AgentError);
    assert.equal(error.code, 'SETTINGS_FILE_INVALID');
    assert.equal(error.exitCode, 2);
    assert.match(error.message, message);
    return true;
  };
}

describe('secrets', () => {
  const flags = {
    'api-key': 'S3CRET',
    'collector-endpoint': 'https://me:S3CRET@h/base?token=S3CRET&tenant=a',
    'logs-endpoint': 'https://h/l?apikey=S3CRET',
  };

  it('are masked where settings are shown, also in what is derived', () => {
    const config = resolve(flags);
    assert.equal(config.apiKey, 'S3CRET');
    assert.equal(config.metricsEndpoint?.password, 'S3CRET');
    assert.doesNotMatch(JSON.stringify([describeConfig(config), effectiveSettings(config)]), /S3CRET/);
    assert.equal(shown(config, 'api-key').value, '********');
    assert.equal(
      shown(config, 'metrics-endpoint').value,
      'https://me:********@h/base/v1/metrics?token=********&tenant=a',
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
      (error: Error) => isBadFile(/line 1/)(error) && !error.message.includes('S3CRET'),
    );
  });

  it('that are not set are shown as not set', () => assert.equal(shown(resolve(), 'api-key').value, ''));
});

it('a tape header gets every setting by name', () => {
  const settings = effectiveSettings(resolve({ 'scrape-interval': '1m30s', 'container-denylist': ['a', 'b'] }));
  assert.deepEqual(Object.keys(settings).sort(), [...reference, ...ours].map(([flag]) => flag).sort());
  assert.equal(settings['scrape-interval'], '1m30s');
  assert.equal(settings['container-denylist'], 'a, b');
});
