// URL reservations identify services by SID; accounts of several services identify none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Win32Error } from '../../../../src/native/win32-error.ts';
import { reservedBy, UrlReservationReader } from '../../../../src/sources/poll/http-sys/url-reservations.ts';
import { aService } from '../../../helpers/observations.ts';

const winRm = 'S-1-5-80-569256582-2953403351-2909559716-1301513147-412116970';
const wecsvc = 'S-1-5-80-4059739203-877974739-1245631912-527174227-2996563517';

test('finds each listed service that a reservation names, with its name in the SCM', () => {
  const reservations = [
    { prefix: 'http://+:5985/wsman/', sddl: `D:(A;;GX;;;${winRm})(A;;GX;;;${wecsvc})` },
    { prefix: 'http://+:47001/wsman/', sddl: `D:(A;;GX;;;${winRm})(A;;GA;;;${winRm})` },
    { prefix: 'http://*:5357/', sddl: 'D:(A;;GX;;;BU)(A;;GX;;;LS)' },
    { prefix: 'no prefix', sddl: `D:(A;;GX;;;${winRm})` },
  ];
  const bySid = new Map([
    [winRm, 'winrm'],
    [wecsvc, 'Wecsvc'],
  ]);
  assert.deepEqual(reservedBy(reservations, bySid), [
    { service: 'winrm', scheme: 'http', port: 5985, path: '/wsman/', detectedBy: 'url reservation' },
    { service: 'Wecsvc', scheme: 'http', port: 5985, path: '/wsman/', detectedBy: 'url reservation' },
    { service: 'winrm', scheme: 'http', port: 47001, path: '/wsman/', detectedBy: 'url reservation' },
  ]);
  assert.deepEqual(reservedBy(reservations, new Map([[wecsvc, 'Wecsvc']])).length, 1);
});

const reservations = [{ prefix: 'http://+:5985/wsman/', sddl: `D:(A;;GX;;;${winRm})` }];
const bindings = [{ scheme: 'http' as const, port: 80, path: '/' }];
const services = [aService({ name: 'WinRM' }), aService({ name: 'w3svc' })];
const refuse = (call: string): never => {
  throw new Win32Error(call, 5);
};

test('joins both sources, and gives the bindings to W3SVC where it exists', () => {
  const reader = new UrlReservationReader(
    () => ({ reservations, cut: false }),
    () => ({ bindings }),
  );
  const reported = (names: readonly string[]) =>
    reader
      .read(services.filter(({ name }) => names.includes(name)))
      .owners.map(({ service, port, detectedBy }) => `${service} ${port} ${detectedBy}`);
  assert.deepEqual(reported(['WinRM', 'w3svc']), ['WinRM 5985 url reservation', 'w3svc 80 iis binding']);
  assert.deepEqual(reported(['WinRM']), ['WinRM 5985 url reservation']);
});

test('keeps the last result of a part that cannot be read, and reports why', () => {
  let fails = false;
  const reader = new UrlReservationReader(
    () => (fails ? refuse('HttpQueryServiceConfiguration') : { reservations, cut: false }),
    () => (fails ? refuse('opening applicationHost.config') : { bindings }),
  );
  const before = reader.read(services);
  assert.deepEqual([before.owners.length, before.degraded], [2, []]);
  fails = true;
  const after = reader.read(services);
  assert.deepEqual(after.owners, before.owners);
  assert.deepEqual(
    after.degraded.map(({ part, requiredRight }) => [part, requiredRight]),
    [
      ['URL reservations', undefined],
      ['bindings of IIS sites', 'the rights of an administrator, elevated'],
    ],
  );
});

test('reports truncated lists and a shared configuration', () => {
  const reader = new UrlReservationReader(
    () => ({ reservations, cut: true }),
    () => ({ bindings: [], missing: 'it is shared' }),
  );
  const { owners, degraded } = reader.read(services);
  assert.equal(owners.length, 1);
  assert.deepEqual(
    degraded.map(({ part, reason }) => `${part}: ${reason}`),
    ['URL reservations: only the first 2000 are read', 'bindings of IIS sites: it is shared'],
  );
});

test('opens processes only when an account has a reservation, which goes to its one service', () => {
  const orders = 'S-1-5-21-1004336348-1177238915-682003330-1001';
  let asked = 0;
  const reported = (sddl: string) => {
    const reader = new UrlReservationReader(
      () => ({ reservations: [{ prefix: 'http://+:8080/', sddl }], cut: false }),
      () => ({ bindings: [] }),
      () => {
        asked++;
        return { bySid: new Map([[orders, 'Orders']]), failed: [new Win32Error('OpenProcessToken', 5)] };
      },
    );
    const { owners, degraded } = reader.read([aService({ name: 'Orders' })]);
    return [
      owners.map(({ service, port }) => `${service} ${port}`),
      degraded.map(({ part, requiredRight }) => `${part}, ${requiredRight}`),
    ];
  };
  assert.deepEqual(reported(`D:(A;;GX;;;${winRm})(A;;GX;;;BU)`), [[], []]);
  assert.equal(asked, 0);
  assert.deepEqual(reported(`D:(A;;GX;;;${orders})`), [
    ['Orders 8080'],
    ['accounts of 1 services, the rights of an administrator, elevated'],
  ]);
});
