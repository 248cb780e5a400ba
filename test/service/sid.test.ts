// Security identifiers as text and bytes, compared with documented ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceSid, sidText } from '../../src/base/sid.ts';
import { encodeSid } from '../../src/service/sid.ts';

test('computes the documented SID of a service', () => {
  // https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
  assert.equal(serviceSid('TrustedInstaller'), 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464');
  assert.equal(serviceSid('trustedinstaller'), serviceSid('TRUSTEDINSTALLER'));
});

test('encodes a SID as [MS-DTYP] 2.4.2.2: big-endian authority, little-endian subauthorities', () => {
  // S-1-5-32-544, the Administrators.
  assert.equal(encodeSid('S-1-5-32-544').toString('hex'), '01020000000000052000000020020000');
  // S-1-5-18, SYSTEM.
  assert.equal(encodeSid('S-1-5-18').toString('hex'), '010100000000000512000000');
});

test('formats an encoded SID as the same text', () => {
  for (const text of ['S-1-1-0', 'S-1-5-21-3623811015-3361044348-30300820-1013', serviceSid('CorootAgent')]) {
    assert.equal(sidText(encodeSid(text)), text);
  }
});
