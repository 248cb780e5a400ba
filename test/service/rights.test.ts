// The service keeps exactly the privileges that its sources require.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUPS, SYSTEM_PRIVILEGES, VIRTUAL_PRIVILEGES } from '../../src/service/rights.ts';
import { type Grant, KIND_GRANTS, PART_GRANTS, type PrivilegeGrant } from '../../src/sources/grants.ts';

const grants = Object.values<Grant>({ ...KIND_GRANTS, ...PART_GRANTS });

test('keeps each privilege that a source requires, and no other', () => {
  const required = new Set(grants.flatMap(({ requiredRight }) => requiredRight?.match(/\bSe\w+Privilege\b/g) ?? []));
  // Every program needs this privilege to open files:
  // https://learn.microsoft.com/windows/security/threat-protection/security-policy-settings/bypass-traverse-checking
  required.add('SeChangeNotifyPrivilege');
  assert.deepEqual(SYSTEM_PRIVILEGES.map(({ name }) => name).sort(), [...required].sort());
});

test('the agent enables the privileges that a source requires, and no other', () => {
  const enabled = Object.values<Grant | PrivilegeGrant>(PART_GRANTS).flatMap((grant) =>
    'privilege' in grant ? [grant.privilege] : [],
  );
  // Every process has SeChangeNotifyPrivilege enabled. SeDebugPrivilege gives access to each process of the host.
  assert.deepEqual(enabled, ['SeProfileSingleProcessPrivilege']);
  for (const { requiredRight, ...grant } of grants)
    if (requiredRight?.includes('Privilege'))
      assert.ok('privilege' in grant && requiredRight.startsWith(`${grant.privilege},`));
});

test('describes the effect of a missing privilege with the same text as the source', () => {
  const consequence = new Map(
    grants.flatMap(({ requiredRight, consequence: text }) =>
      (requiredRight?.match(/\bSe\w+Privilege\b/g) ?? []).map((name) => [name, text]),
    ),
  );
  for (const { name, consequence: text } of SYSTEM_PRIVILEGES.filter((each) => consequence.has(each.name)))
    assert.equal(text, consequence.get(name));
});

test('requires only a privilege that the virtual account has by default', () => {
  // A service does not start (1297) if its account lacks a required privilege.
  assert.deepEqual(
    VIRTUAL_PRIVILEGES.map(({ name }) => name),
    ['SeChangeNotifyPrivilege'],
  );
});

test('uses the documented SIDs of the groups', () => {
  // https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers
  assert.deepEqual(Object.fromEntries(GROUPS.map(({ name, sid }) => [name, sid])), {
    'Performance Monitor Users': 'S-1-5-32-558',
    'Performance Log Users': 'S-1-5-32-559',
    'Event Log Readers': 'S-1-5-32-573',
  });
});
