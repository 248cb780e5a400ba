// Passwords of accounts that have none, as ChangeServiceConfigW requires them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { passwordOf } from '../../src/service/service-config.ts';

// https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfigw, parameter lpPassword.
test('is NULL for virtual and managed accounts, and if the account stays', () => {
  for (const account of [
    undefined,
    String.raw`NT SERVICE\CorootAgent`,
    String.raw`nt service\CorootAgent`,
    String.raw`CONTOSO\coroot$`,
    'coroot$@contoso.com$',
    String.raw`.\coroot$`,
  ])
    assert.equal(passwordOf(account), null, `password of ${account}`);
});

test('is an empty text for the accounts of the system, so that an old password is removed', () => {
  for (const account of [
    'LocalSystem',
    String.raw`.\LocalSystem`,
    String.raw`NT AUTHORITY\SYSTEM`,
    String.raw`NT AUTHORITY\LocalService`,
    String.raw`NT AUTHORITY\NetworkService`,
    String.raw`CONTOSO\a$b`,
  ])
    assert.equal(passwordOf(account), '', account);
});
