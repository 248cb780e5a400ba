// The privileges that the service keeps are those that its sources ask for, and no others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUPS, SYSTEM_PRIVILEGES, VIRTUAL_PRIVILEGES } from '../../src/service/rights.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS } from '../../src/sources/grants.ts';

const grants = Object.values<Grant>({ ...KIND_GRANTS, ...PART_GRANTS });

test('each privilege that a source asks for is kept, and each that is kept is asked for', () => {
  const asked = new Set(grants.flatMap(({ right }) => right?.match(/\bSe\w+Privilege\b/g) ?? []));
  // Without this one no program runs: https://learn.microsoft.com/windows/security/threat-protection/security-policy-settings/bypass-traverse-checking
  asked.add('SeChangeNotifyPrivilege');
  assert.deepEqual(SYSTEM_PRIVILEGES.map(({ name }) => name).sort(), [...asked].sort());
});

test('what is lost is told in the same words', () => {
  const lost = new Map(
    grants.flatMap(({ right, lost: text }) => (right?.match(/\bSe\w+Privilege\b/g) ?? []).map((name) => [name, text])),
  );
  for (const { name, lost: text } of SYSTEM_PRIVILEGES.filter((each) => lost.has(each.name)))
    assert.equal(text, lost.get(name));
});

test('the virtual account is asked for nothing that it does not have by itself', () => {
  // A service whose required privilege its account lacks does not start (1297).
  assert.deepEqual(
    VIRTUAL_PRIVILEGES.map(({ name }) => name),
    ['SeChangeNotifyPrivilege'],
  );
});

test('groups have the SIDs that Windows documents', () => {
  // https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
  assert.deepEqual(Object.fromEntries(GROUPS.map(({ name, sid }) => [name, sid])), {
    'Performance Monitor Users': 'S-1-5-32-558',
    'Performance Log Users': 'S-1-5-32-559',
    'Event Log Readers': 'S-1-5-32-573',
  });
});
