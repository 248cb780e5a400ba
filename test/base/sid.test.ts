// SIDs of services, compared with those that Microsoft documents or that every Windows has.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceSid } from '../../src/base/sid.ts';

test('computes the SIDs of services that are the same on every Windows', () => {
  // TrustedInstaller: https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers;
  // WinRM and Wecsvc: `netsh http show urlacl` for port 5985; MSSQLSERVER: `sc.exe showsid MSSQLSERVER`.
  assert.equal(serviceSid('TrustedInstaller'), 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464');
  assert.equal(serviceSid('WinRM'), 'S-1-5-80-569256582-2953403351-2909559716-1301513147-412116970');
  assert.equal(serviceSid('Wecsvc'), 'S-1-5-80-4059739203-877974739-1245631912-527174227-2996563517');
  assert.equal(serviceSid('MSSQLSERVER'), 'S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003');
});

test('ignores the case of ASCII and other letters, and maps each letter to one letter', () => {
  assert.equal(serviceSid('wInRm'), serviceSid('WINRM'));
  assert.equal(serviceSid('søk'), serviceSid('SØK'));
  assert.notEqual(serviceSid('straße'), serviceSid('STRASSE'));
});
