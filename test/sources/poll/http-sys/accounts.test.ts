// Accounts of services: only an account that one service alone runs as identifies a service.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAccountSid, soleAccounts } from '../../../../src/sources/poll/http-sys/accounts.ts';
import { aService } from '../../../helpers/observations.ts';

const runs = (name: string, pid: number, account: string) =>
  aService({ name, pid, config: { startType: 2, binaryPath: 'C:\\a.exe', account } });
const sid = (pid: number): string => `S-1-5-21-1-2-3-${pid}`;

test('finds the account of a single service by the SID of its process', () => {
  const { bySid, failed } = soleAccounts([runs('Orders', 10, '.\\svc-orders'), runs('Other', 20, 'CORP\\other$')], sid);
  assert.deepEqual(
    [[...bySid], failed],
    [
      [
        ['S-1-5-21-1-2-3-10', 'Orders'],
        ['S-1-5-21-1-2-3-20', 'Other'],
      ],
      [],
    ],
  );
});

test('ignores an account of several services in any spelling, and does not open their processes', () => {
  const opened: number[] = [];
  const services = [
    runs('a', 10, 'CORP\\svc'),
    runs('b', 20, 'corp\\SVC'),
    runs('c', 30, '.\\x'),
    runs('d', 40, 'HOST\\x'),
  ];
  const { bySid } = soleAccounts(services, (pid) => {
    opened.push(pid);
    return 'S-1-5-21-1-2-3-9';
  });
  assert.deepEqual([[...bySid], opened], [[], [30, 40]]);
});

test('ignores system accounts, stopped services and services without a configuration', () => {
  const { config: _, ...unreadable } = runs('unreadable', 10, 'x');
  const services = [
    ...['LocalSystem', 'NT AUTHORITY\\LocalService', 'nt authority\\networkservice', 'NT SERVICE\\MSSQLSERVER', ''].map(
      (account, i) => runs(`s${i}`, 100 + i, account),
    ),
    runs('stopped', 0, '.\\x'),
    unreadable,
  ];
  assert.deepEqual(
    [
      ...soleAccounts(services, () => {
        throw new Error('opened');
      }).failed,
    ],
    [],
  );
});

test('returns the errors of processes that cannot be opened, and limits the number of processes', () => {
  const many = Array.from({ length: 300 }, (_, i) => runs(`s${i}`, i + 1, `.\\u${i}`));
  const { bySid, failed } = soleAccounts(many, (pid) => {
    if (pid === 7) throw new Error('refused');
    return sid(pid);
  });
  assert.deepEqual(
    [bySid.size, failed.map((error) => (error as Error).message)],
    [199, ['refused', 'only the first 200 accounts are read']],
  );
});

test('recognises accounts of machines, domains and Entra ID, and no others', () => {
  for (const text of ['S-1-5-21-1-2-3-1001', 's-1-12-1-1-2-3-4']) assert.ok(isAccountSid(text), text);
  for (const text of ['S-1-5-80-1-2-3-4-5', 'S-1-5-20', 'BU', 'NS', 'S-1-5-32-544', ''])
    assert.ok(!isAccountSid(text), text);
});
