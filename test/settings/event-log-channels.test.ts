// Channels of the Event Log in the settings.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChannels } from '../../src/settings/event-log-channels.ts';

test('reads channels with and without a filter, which may contain equals signs', () => {
  assert.deepEqual(
    parseChannels(' Application;System ; Microsoft-Windows-DNS-Client/Operational;Security=*[System[EventID=4625]]'),
    [
      { channel: 'Application', xpath: '*' },
      { channel: 'System', xpath: '*' },
      { channel: 'Microsoft-Windows-DNS-Client/Operational', xpath: '*' },
      { channel: 'Security', xpath: '*[System[EventID=4625]]' },
    ],
  );
});

test('reads no channel only if that is said', () => {
  assert.deepEqual(parseChannels('none'), []);
  for (const text of ['', ' ', ';', 'System;', ';System']) assert.equal(parseChannels(text), undefined, text);
});

test('refuses an empty filter, a channel that is named twice, and texts that are no names', () => {
  for (const text of ['System=', 'System;SYSTEM', 'System;System=*', 'C:\\x.evtx', 'Sys*', 'a'.repeat(256)])
    assert.equal(parseChannels(text), undefined, text);
});
