// Import of the flags of Coroot's own agent, in each form that its command line allows.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeSettings } from '../../cli/import-settings.ts';
import { type KnownSetting, parseFlags } from '../../src/service/import-settings.ts';

const known: KnownSetting[] = [
  { name: 'collector-endpoint', kind: 'text', variable: 'COROOT_COLLECTOR_ENDPOINT' },
  { name: 'api-key', kind: 'text', variable: 'COROOT_API_KEY' },
  { name: 'container-denylist', kind: 'list', variable: 'COROOT_CONTAINER_DENYLIST' },
  { name: 'disable-log-parsing', kind: 'switch', variable: 'COROOT_DISABLE_LOG_PARSING' },
  { name: 'insecure-skip-verify', kind: 'switch', variable: 'COROOT_INSECURE_SKIP_VERIFY' },
];
const parse = (...args: string[]) => {
  const { found, unknown } = parseFlags(args, known);
  return { found: Object.fromEntries(found), unknown };
};

test('parses values after = or in the next argument, repeated lists, and switches', () => {
  assert.deepEqual(
    parse(
      '--collector-endpoint=https://c',
      '--api-key',
      'k',
      '--container-denylist',
      'a',
      '--container-denylist=b',
      '--disable-log-parsing',
      '--no-insecure-skip-verify',
    ),
    {
      found: {
        'collector-endpoint': ['https://c'],
        'api-key': ['k'],
        'container-denylist': ['a', 'b'],
        'disable-log-parsing': ['true'],
        'insecure-skip-verify': ['false'],
      },
      unknown: [],
    },
  );
});

test('ignores an empty value, as an MSI writes it', () => {
  assert.deepEqual(parse('--collector-endpoint=', '--api-key=', '--disable-log-parsing').found, {
    'disable-log-parsing': ['true'],
  });
});

test('reports unknown flags by name, without their values', () => {
  const { found, unknown } = parse('--wal-dir', 'C:\\secret', '--listen=1.2.3.4:5', 'stray', '--api-key=k');
  assert.deepEqual(unknown, ['--wal-dir', '--listen', 'an argument that is not a flag']);
  assert.deepEqual(found, { 'api-key': ['k'] });
});

test('keeps values of the settings file, skips invalid ones and masks secrets', () => {
  const { merged, imported, skipped } = mergeSettings({ region: 'north' }, [
    { name: 'region', texts: ['south'], origin: 'COROOT_REGION' },
    { name: 'api-key', texts: ['s3cret'], origin: 'command line' },
    { name: 'collector-endpoint', texts: ['https://me:pw@c.example'], origin: 'command line' },
    { name: 'scrape-interval', texts: ['soon'], origin: 'command line' },
    { name: 'container-denylist', texts: ['^a', '^b'], origin: 'command line' },
    { name: 'disable-log-parsing', texts: ['true'], origin: 'command line' },
  ]);
  assert.deepEqual(merged, {
    region: 'north',
    'api-key': 's3cret',
    'collector-endpoint': 'https://me:pw@c.example',
    'container-denylist': ['^a', '^b'],
    'disable-log-parsing': true,
  });
  assert.deepEqual(imported, [
    'api-key = ******** (command line)',
    'collector-endpoint = https://********@c.example (command line)',
    'container-denylist = ^a, ^b (command line)',
    'disable-log-parsing = true (command line)',
  ]);
  assert.deepEqual(skipped, [
    'region (COROOT_REGION): the settings file has it already',
    'scrape-interval = soon (command line): must be a duration above 0 and up to 24h, e.g. 15s or 1m30s',
  ]);
});
