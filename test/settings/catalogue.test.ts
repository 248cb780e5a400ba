// The catalogue of settings against the table of the reference, and which values each setting allows.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Config, describeConfig, effectiveSettings, resolveConfig, variableOf } from '../../src/settings/index.ts';
import { type Env, isInvalid, noSuchFile, resolve, shown, withFile } from '../helpers/settings.ts';

/**
 * Flag, variable without COROOT_, default: section 2 of the reference; wal-dir and the ephemeral ports differ on
 * purpose.
 */
const reference: readonly [flag: string, variable: string, byDefault: string][] = [
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
  ['allowed-hosts', 'ALLOWED_HOSTS', ''],
  ['api-access', 'API_ACCESS', 'local'],
  ['client-certificate-file', 'CLIENT_CERTIFICATE_FILE', ''],
  ['client-key-file', 'CLIENT_KEY_FILE', ''],
  ['proxy', 'PROXY', ''],
  ['request-headers', 'REQUEST_HEADERS', ''],
  ['no-proxy', 'NO_PROXY', ''],
  ['service-include', 'SERVICE_INCLUDE', ''],
  ['disable-connection-statistics', 'DISABLE_CONNECTION_STATISTICS', 'false'],
  ['disable-etw', 'DISABLE_ETW', 'false'],
  ['max-destinations-per-container', 'MAX_DESTINATIONS_PER_CONTAINER', '500'],
  ['host', 'HOST', 'windows'],
  ['speed', 'SPEED', '1'],
  ['tape-time', 'TAPE_TIME', 'present'],
  ['loop', 'LOOP', 'false'],
  ['cpu-limit', 'CPU_LIMIT', ''],
  ['memory-limit', 'MEMORY_LIMIT', ''],
  ['otlp-compression', 'OTLP_COMPRESSION', 'gzip'],
  ['log-level', 'LOG_LEVEL', 'info'],
  ['log-parsing-rules', 'LOG_PARSING_RULES', 'coroot'],
  ['event-log-channels', 'EVENT_LOG_CHANNELS', 'Application; System'],
  ['event-log-locale', 'EVENT_LOG_LOCALE', '1033'],
  ['log-files', 'LOG_FILES', ''],
  ['log-files-encoding', 'LOG_FILES_ENCODING', 'system'],
  ['log-records-per-second', 'LOG_RECORDS_PER_SECOND', '100'],
  ['settings-file', 'SETTINGS_FILE', ''],
  ['docker-host', 'DOCKER_HOST', ''],
  ['disable-docker', 'DISABLE_DOCKER', 'false'],
];

describe('the table of settings', () => {
  const rows = describeConfig(resolve());

  for (const [flag, variable, byDefault] of [...reference, ...ours])
    it(`has ${flag} with its variable and default`, () => {
      assert.equal(variableOf(flag), `COROOT_${variable}`);
      assert.deepEqual(shown(resolve(), flag), { value: byDefault, origin: 'default' });
    });

  it('has no other settings', () =>
    assert.deepEqual(rows.map(({ name }) => name).sort(), [...reference, ...ours].map(([flag]) => flag).sort()));

  it('has a help text for each setting', () =>
    assert.deepEqual(
      rows.filter(({ help }) => help.length < 5),
      [],
    ));

  it('parses each default into a typed value', () => {
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

  it('puts the data folder below ProgramData on Windows', () => {
    const on = (env: Env) => resolveConfig({ flags: {}, env, platform: 'win32', readFile: noSuchFile }).walDir;
    assert.equal(on({ ProgramData: 'D:\\Data' }), 'D:\\Data\\CorootAgent');
    assert.equal(on({}), 'C:\\ProgramData\\CorootAgent');
    assert.equal(on({ ProgramData: '' }), 'C:\\ProgramData\\CorootAgent');
    assert.equal(resolve({ 'wal-dir': 'x' }).walDir, 'x');
  });
});

describe('allowed values', () => {
  it('listen: host and port, IPv6 in brackets, an empty host for every address', () => {
    assert.deepEqual(resolve({ listen: '[::1]:80' }).listen, { host: '::1', port: 80 });
    assert.deepEqual(resolve({ listen: 'localhost:0' }).listen, { host: 'localhost', port: 0 });
    assert.deepEqual(resolve({ listen: ':80' }).listen, { host: '0.0.0.0', port: 80 });
  });

  it('host: this machine or a tape', () =>
    assert.deepEqual(resolve({ host: 'tape:C:\\a.tape' }).host, { kind: 'tape', file: 'C:\\a.tape' }));

  it('speed: as recorded or as fast as possible', () => assert.equal(resolve({ speed: 'max' }).speed, 'max'));

  it('tape-time: shifted to the present or as recorded', () =>
    assert.deepEqual([resolve().tapeTime, resolve({ 'tape-time': 'recorded' }).tapeTime], ['present', 'recorded']));

  it('min-container-age: 0 is allowed', () => assert.equal(resolve({ 'min-container-age': '0' }).minContainerAgeMs, 0));

  const bad: readonly [name: string, ...values: string[]][] = [
    ['listen', '', '127.0.0.1', 'h:65536', '::1:80', 'h:x', 'http://h:80'],
    ['collector-endpoint', 'h', '/v1', 'ftp://h', 'http://', 'coroot:8080'],
    ['metrics-endpoint', '//h/x'],
    ['logs-endpoint', 'http://h:99999'],
    ['scrape-interval', '', '0', '0s', '-15s', '15', '1d', '1ns', '9999h'],
    ['otlp-compression', '', 'GZIP', 'identity', 'deflate', 'none ', 'gzip,zstd'],
    ['max-spool-size', '', '500', '-1MB', 'lots'],
    ['log-patterns-per-container', '', '-1', '1.5', '0x10', '1e3'],
    ['max-label-length', 'x'],
    ['min-container-age', '', '-1s', '30'],
    ['max-fqdns-per-container', 'many'],
    ['ephemeral-port-range', ',', '5', '2-1', '1-65536'],
    ['host', '', 'linux', 'tape:'],
    ['speed', '', '2', 'MAX'],
    ['tape-time', '', 'now', 'Recorded'],
    ['log-level', '', 'verbose', 'INFO'],
  ];
  for (const [name, ...values] of bad)
    for (const value of values.filter((text) => text !== '' || !name.endsWith('endpoint')))
      it(`${name}: refuses ${JSON.stringify(value)}`, () =>
        assert.throws(() => resolve({ [name]: value }), isInvalid(name, value)));

  it('lists: every entry is checked, and the error names the wrong ones', () => {
    assert.throws(
      () => resolve({ 'track-public-network': ['10.0.0.0/8', '10.0.0.0', 'x'] }),
      /: "10\.0\.0\.0", "x" is not allowed/,
    );
    assert.throws(() => resolve({ 'exclude-http-requests-by-path': ['/a*', '/[b'] }), /: "\/\[b" is not allowed/);
    assert.throws(() => resolve({ 'container-denylist': ['good', '(bad'] }), /: "\(bad" is not allowed/);
  });

  it('an error names setting, value, what is allowed and origin in one line', () => {
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

describe('resource limits', () => {
  it('are not set by default', () => {
    const { cpuLimitPercent, memoryLimitBytes } = resolve({});
    assert.deepEqual([cpuLimitPercent, memoryLimitBytes], [undefined, undefined]);
  });

  for (const [text, percent] of [
    ['1%', 1],
    ['10%', 10],
    ['2.5%', 2.5],
    ['100%', 100],
  ] as const)
    it(`cpu-limit accepts ${text}`, () => assert.equal(resolve({ 'cpu-limit': text }).cpuLimitPercent, percent));
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

describe('container patterns', () => {
  it('match anywhere in the id', () => {
    const { containerDenylist } = resolve({ 'container-denylist': ['sql', '^/win/W'] });
    assert.deepEqual(
      ['/win/MSSQL', '/win/mysql57', '/win/WSearch', '/docker/win/W'].map((id) => containerDenylist(id)),
      [true, true, true, false],
    );
  });

  it('an empty allowlist allows all, an empty denylist denies none', () => {
    const config = resolve();
    assert.equal(config.containerAllowlist('/win/x'), true);
    assert.equal(config.containerDenylist('/win/x'), false);
  });

  it('an allowlist allows only ids that match', () => {
    const { containerAllowlist } = resolve({}, { COROOT_CONTAINER_ALLOWLIST: 'a$\r\n(?i)SQL' });
    assert.deepEqual(
      ['/win/a', '/win/ab', '/win/mysql'].map((id) => containerAllowlist(id)),
      [true, false, true],
    );
  });

  it('match without regard to case unless the pattern says otherwise', () => {
    const { serviceInclude, containerAllowlist, containerDenylist } = resolve({
      'service-include': ['^MSSQL\\$'],
      'container-allowlist': ['^/WIN/w3svc$', 'größe'],
      'container-denylist': ['(?-i)Exact'],
    });
    assert.deepEqual(['mssql$prod', 'MSSQL$X', 'xmssql$'].map(serviceInclude), [true, true, false]);
    assert.deepEqual(['/win/W3SVC', '/win/w3svc2', '/win/GRÖSSE', '/win/GRÖßE'].map(containerAllowlist), [
      true,
      false,
      false,
      true,
    ]);
    assert.deepEqual(['/win/Exact', '/win/exact'].map(containerDenylist), [true, false]);
  });

  it('refuses an empty pattern, which would match every name', () => {
    for (const name of ['service-include', 'container-allowlist', 'container-denylist']) {
      assert.throws(() => resolve({ [name]: [''] }), isInvalid(name));
      assert.throws(() => withFile({ [name]: ['a', ''] }), isInvalid(name));
    }
  });

  it('name those that match none of the texts', () => {
    const { containerDenylist } = resolve({ 'container-denylist': ['sql', '^W', 'gone'] });
    assert.deepEqual(containerDenylist.unmatched(['/win/MSSQL', '/win/W']), ['^W', 'gone']);
    assert.deepEqual(resolve().containerAllowlist.unmatched(['/win/MSSQL']), []);
  });

  it('are RE2: backtracking syntax is refused, nested quantifiers run in linear time', () => {
    for (const pattern of ['(?=x)', '(?<!x)', '(a)\\1'])
      assert.throws(() => resolve({ 'container-denylist': [pattern] }), isInvalid('container-denylist'));
    // A backtracking engine would need 2^50 steps here.
    assert.equal(resolve({ 'container-denylist': ['(a+)+$'] }).containerDenylist(`${'a'.repeat(50)}b`), false);
  });
});

it('effectiveSettings has every setting by name', () => {
  const settings = effectiveSettings(resolve({ 'scrape-interval': '1m30s', 'container-denylist': ['a', 'b'] }));
  assert.deepEqual(Object.keys(settings).sort(), [...reference, ...ours].map(([flag]) => flag).sort());
  assert.equal(settings['scrape-interval'], '1m30s');
  assert.equal(settings['container-denylist'], 'a, b');
});
