// Normalised names: the golden vectors of the reference with its errors corrected, and detection of search lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NameNormaliser } from '../../../src/model/dns/name-normaliser.ts';

test('normalises names as the reference does, with its errors corrected', () => {
  const cases: [name: string, type: number, expected: string][] = [
    // Golden vectors of the reference, Appendix B.
    ['4.3.2.1.in-addr.arpa', 12, 'IP.in-addr.arpa'],
    ['ip-10-1-2-3.ec2.internal', 1, 'IP.ec2.internal'],
    ['shop.example.com.corp.local', 1, 'shop.example.com.search_path_suffix'],
    ['example.com', 1, 'example.com'],
    // Weak spot 41.
    ['Example.COM.', 1, 'example.com'],
    ['shop.com.au', 1, 'shop.com.au'],
    ['www.shop.org.uk', 28, 'www.shop.org.uk'],
    ['shop.com.au.corp.local', 1, 'shop.com.au.search_path_suffix'],
    ['com', 1, 'com'],
    ['example.com.cdn.example.net', 1, 'example.com.cdn.example.net'],
    ['', 1, ''],
    ['a\u0000b\ud800.example.com', 1, 'a\ufffdb\ufffd.example.com'],
    [`${'a'.repeat(300)}.com`, 1, '~invalid'],
  ];
  for (const [name, type, expected] of cases) assert.equal(new NameNormaliser().normalise(name, type), expected, name);
});

test('detects a public search list by a name that exists without the suffix only', () => {
  for (const order of ['alone first', 'alone last']) {
    const normaliser = new NameNormaliser();
    const alone = () => normaliser.learn('shop.example.com', true);
    if (order === 'alone first') alone();
    normaliser.learn('shop.example.com.ad.contoso.com', false);
    if (order === 'alone last') alone();
    assert.equal(
      normaliser.normalise('other.example.com.ad.contoso.com', 1),
      'other.example.com.search_path_suffix',
      order,
    );
  }
  const exists = new NameNormaliser();
  exists.learn('example.com', true);
  exists.learn('example.com.cdn.example.net', true);
  assert.equal(exists.normalise('example.com.cdn.example.net', 1), 'example.com.cdn.example.net');
});

test('returns one spelling for names with underscores, other scripts and maximum length', () => {
  const name253 = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`;
  const cases: [name: string, type: number, expected: string][] = [
    ['_ldap._tcp.dc._msdcs.CORP.local', 33, '_ldap._tcp.dc._msdcs.corp.local'],
    ['_sip._tls.example.com', 33, '_sip._tls.example.com'],
    ['BÜCHER.example', 1, 'bücher.example'],
    ['xn--BCHER-kva.example', 1, 'xn--bcher-kva.example'],
    ['WPAD', 1, 'wpad'],
    ['localhost.', 1, 'localhost'],
    ['example.com..', 1, 'example.com'],
    [name253, 1, name253],
    [`${name253}.`, 1, name253],
    [`${name253}e.`, 1, '~invalid'],
    [`${'x'.repeat(300)}`, 12, '~invalid'],
    ['.', 1, ''],
    ['8.b.d.0.1.0.0.2.ip6.arpa', 12, 'IP.in-addr.arpa'],
    ['', 12, ''],
    ['a\u007fb\u009f.example', 1, 'a\ufffdb\ufffd.example'],
  ];
  for (const [name, type, expected] of cases) assert.equal(new NameNormaliser().normalise(name, type), expected, name);
});

test('groups EC2 names of addresses, and no other names that start alike', () => {
  const cases: [name: string, expected: string][] = [
    ['ip-10-1-2-3.ec2.internal', 'IP.ec2.internal'],
    ['IP-10-1-2-3.EC2.Internal.', 'IP.ec2.internal'],
    ['ip-10-1-2-3.ec2', 'IP.ec2'],
    ['ip-10-1-2-3.eu-west-1.compute.internal', 'ip-10-1-2-3.eu-west-1.compute.internal'],
    ['ip-x.y.ec2.internal', 'ip-x.y.ec2.internal'],
    ['my-ip-1.ec2.internal', 'my-ip-1.ec2.internal'],
  ];
  for (const [name, expected] of cases) assert.equal(new NameNormaliser().normalise(name, 1), expected, name);
});

test('detects suffixes of private domains after public names of each kind', () => {
  const cases: [name: string, expected: string][] = [
    ['example.com.corp.local', 'example.com.search_path_suffix'],
    ['a.example.net.corp.local', 'a.example.net.search_path_suffix'],
    ['a.example.org.lan', 'a.example.org.search_path_suffix'],
    ['a.example.io.svc.cluster.local', 'a.example.io.search_path_suffix'],
    ['example.com.local', 'example.com.search_path_suffix'],
    // The first label is never a top-level domain.
    ['com.corp.local', 'com.corp.local'],
    ['example.dev.corp.local', 'example.dev.corp.local'],
    ['example.comx.corp.local', 'example.comx.corp.local'],
    // A suffix of a country belongs to the name, with or without more labels.
    ['shop.com.br', 'shop.com.br'],
    ['shop.net.nz', 'shop.net.nz'],
    ['shop.com.br.corp.local', 'shop.com.br.search_path_suffix'],
    ['a.b.com.mx.corp.local', 'a.b.com.mx.search_path_suffix'],
    ['com.au', 'com.au'],
    ['com.au.corp.local', 'com.au.corp.local'],
    // A public domain after a public name is no search list.
    ['example.com.akamaized.net', 'example.com.akamaized.net'],
    ['example.com.s3.amazonaws.com', 'example.com.s3.amazonaws.com'],
  ];
  for (const [name, expected] of cases) assert.equal(new NameNormaliser().normalise(name, 1), expected, name);
});

test('learns a public search list only from names that do not exist with it', () => {
  const other = 'other.example.com.ad.contoso.com';
  const learned = (...learn: [name: string, exists: boolean][]) => {
    const normaliser = new NameNormaliser();
    for (const [name, exists] of learn) normaliser.learn(name, exists);
    return normaliser.normalise(other, 1) !== other;
  };
  assert.equal(learned(['shop.example.com', true], ['shop.example.com.ad.contoso.com', false]), true);
  assert.equal(learned(['shop.example.com', false], ['shop.example.com.ad.contoso.com', false]), true);
  assert.equal(learned(['Shop.Example.com.', true], ['shop.example.COM.ad.contoso.com.', false]), true);
  assert.equal(learned(['shop.example.com.ad.contoso.com', false]), false);
  assert.equal(learned(['shop.example.com', true], ['shop.example.com.ad.contoso.com', true]), false);
  assert.equal(learned(['else.example.com', true], ['shop.example.com.ad.contoso.com', false]), false);
  assert.equal(learned(['shop.example.com', true], ['shop.example.com.ad.fabrikam.com', false]), false);
});

test('keeps the last 1024 names and 256 suffixes', () => {
  const normaliser = new NameNormaliser();
  const shown = (name: string) => normaliser.normalise(name, 1);
  normaliser.learn('first.example.com', true);
  normaliser.learn('again.example.com', true);
  for (let i = 0; i < 1022; i++) normaliser.learn(`n${i}.example.com`, true);
  normaliser.learn('again.example.com', true);
  normaliser.learn('last.example.com', true);
  normaliser.learn('very-last.example.com', true);
  normaliser.learn('first.example.com.a.contoso.com', false);
  assert.equal(shown('x.example.com.a.contoso.com'), 'x.example.com.a.contoso.com');
  normaliser.learn('again.example.com.b.contoso.com', false);
  assert.equal(shown('x.example.com.b.contoso.com'), 'x.example.com.search_path_suffix');
  // The other order: failed names are kept until the names without suffix are requested.
  const late = new NameNormaliser();
  for (let i = 0; i < 1025; i++) late.learn(`n${i}.example.com.s${i}.contoso.com`, false);
  late.learn('n0.example.com', true);
  late.learn('n1.example.com', true);
  assert.equal(late.normalise('x.example.com.s0.contoso.com', 1), 'x.example.com.s0.contoso.com');
  assert.equal(late.normalise('x.example.com.s1.contoso.com', 1), 'x.example.com.search_path_suffix');
  const many = new NameNormaliser();
  many.learn('a.example.com', true);
  for (let i = 0; i < 257; i++) many.learn(`a.example.com.s${i}.contoso.com`, false);
  assert.equal(many.normalise('x.example.com.s255.contoso.com', 1), 'x.example.com.search_path_suffix');
  assert.equal(many.normalise('x.example.com.s256.contoso.com', 1), 'x.example.com.s256.contoso.com');
});
