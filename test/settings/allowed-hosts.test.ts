// Which entries the setting allowed-hosts accepts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInvalid, resolve } from '../helpers/settings.ts';

test('accepts names, domains and addresses, in one form', () => {
  const { allowedHosts } = resolve({
    'allowed-hosts': [
      'Agent.Example.',
      'srv_1',
      'müller.example',
      '*.Corp.Example',
      '10.1.2.3',
      '[FD00::5]',
      'fd00::6',
    ],
  });
  assert.deepEqual(allowedHosts, {
    names: ['agent.example', 'srv_1', 'xn--mller-kva.example', '10.1.2.3', 'fd00::5', 'fd00::6'],
    domains: ['corp.example'],
  });
});

test('reads one entry a line from the environment, and none by default', () => {
  const { allowedHosts } = resolve({}, { COROOT_ALLOWED_HOSTS: 'a.example\r\n*.b.example' });
  assert.deepEqual(allowedHosts, { names: ['a.example'], domains: ['b.example'] });
  assert.deepEqual(resolve().allowedHosts, { names: [], domains: [] });
});

test('refuses every other form, so that a mistake allows nothing', () => {
  for (const entry of [
    '',
    '*',
    '*.',
    '.example',
    '*.*.example',
    'a.*.example',
    'a*.example',
    'http://agent.example',
    'agent.example:10300',
    '[fd00::5]:10300',
    '[agent.example]',
    'agent.example/metrics',
    'user@agent.example',
    'agent example',
    'a..b',
    '-a.example',
    'a.example,b.example',
    '127.1',
    '0x7f.1',
    '10.0.0.0/8',
    '*.10.0.0.1',
    'a\u0000b',
    'a\u202eb',
    `${'x'.repeat(64)}.example`,
    `${'x.'.repeat(130)}example`,
  ])
    assert.throws(() => resolve({ 'allowed-hosts': [entry] }), isInvalid('allowed-hosts'), entry);
});
