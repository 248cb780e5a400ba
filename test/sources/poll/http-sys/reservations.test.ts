// Reservations of http.sys: prefixes, and the SIDs that an access list allows to listen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  eachReservation,
  listenerSids,
  parsePrefix,
  type Reservation,
} from '../../../../src/sources/poll/http-sys/reservations.ts';

test('parses prefixes of the documented forms', () => {
  assert.deepEqual(parsePrefix('http://+:5985/wsman/'), { scheme: 'http', port: 5985, path: '/wsman/' });
  assert.deepEqual(parsePrefix('https://*:443/'), { scheme: 'https', port: 443, path: '/' });
  assert.deepEqual(parsePrefix('HTTPS://www.adatum.com:8443/vroot'), {
    scheme: 'https',
    port: 8443,
    host: 'www.adatum.com',
    path: '/vroot/',
  });
  assert.deepEqual(parsePrefix('http://10.0.0.5:80/'), { scheme: 'http', port: 80, ip: '10.0.0.5', path: '/' });
  assert.deepEqual(parsePrefix('http://[2001:db8::5]:80/'), { scheme: 'http', port: 80, ip: '2001:db8::5', path: '/' });
  assert.deepEqual(parsePrefix('http://www.adatum.com:80:10.0.0.5/'), {
    scheme: 'http',
    port: 80,
    host: 'www.adatum.com',
    path: '/',
  });
  assert.deepEqual(parsePrefix('http://+:80'), { scheme: 'http', port: 80, path: '/' });
});

test('refuses texts that are no prefix', () => {
  for (const text of [
    '',
    'http://+/',
    'http://:80/',
    'ftp://+:21/',
    'http://+:0/',
    'http://+:65536/',
    'http://+:x/',
    '+:80/',
    'x http://+:80/',
    'http://[]:80/',
    'http://[fd00::g]:80/',
  ])
    assert.equal(parsePrefix(text), undefined, text);
});

test('generic execute or all allows to listen, in letters or hexadecimal; delegation does not', () => {
  const winRm = 'S-1-5-80-569256582-2953403351-2909559716-1301513147-412116970';
  const wecsvc = 'S-1-5-80-4059739203-877974739-1245631912-527174227-2996563517';
  assert.deepEqual(listenerSids(`D:(A;;GX;;;${winRm})(A;;GX;;;${wecsvc})`), [winRm, wecsvc]);
  assert.deepEqual(listenerSids('D:(A;;GA;;;NS)(A;;GWGX;;;WD)(A;;0x20000000;;;LS)(A;;0x10000000;;;SY)'), [
    'NS',
    'WD',
    'LS',
    'SY',
  ]);
  assert.deepEqual(listenerSids('O:BAG:SYD:PAI(A;;GW;;;WD)(D;;GX;;;BG)(A;;0x40000000;;;LS)(A;;GR;;;AN)'), []);
  assert.deepEqual(['', 'D:', 'D:(A;;GX)', 'D:(A;;GX;;;'].flatMap(listenerSids), []);
});

test('reads all reservations up to a limit, and reports the limit', () => {
  const call =
    (count: number) =>
    (token: number): Reservation | undefined =>
      token < count ? { prefix: `http://+:${token}/`, sddl: '' } : undefined;
  assert.deepEqual(eachReservation(call(2)), {
    reservations: [
      { prefix: 'http://+:0/', sddl: '' },
      { prefix: 'http://+:1/', sddl: '' },
    ],
    cut: false,
  });
  assert.equal(eachReservation(call(2000)).cut, false);
  const many = eachReservation(call(Number.POSITIVE_INFINITY));
  assert.deepEqual([many.reservations.length, many.cut], [2000, true]);
});

test('writes the address of a prefix in its canonical form', () => {
  const addressOf = (host: string) => parsePrefix(`http://${host}:80/`)?.ip;
  for (const text of ['[2001:DB8::5]', '[2001:db8:0:0:0:0:0:5]', '[2001:0db8::0005]', '[2001:db8::5%3]'])
    assert.equal(addressOf(text), '2001:db8::5', text);
  assert.equal(addressOf('[::FFFF:10.0.0.5]'), '10.0.0.5');
});
