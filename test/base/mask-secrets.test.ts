// Secrets in valid and invalid URLs, alone and inside other texts, are masked.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maskCredentials, maskSettingValue, maskUrl } from '../../src/base/mask-secrets.ts';

const masked: readonly [url: string, shown: string][] = [
  ['https://h/x', 'https://h/x'],
  ['https://h:8080/a/b', 'https://h:8080/a/b'],
  ['https://[::1]:8080/a', 'https://[::1]:8080/a'],
  ['https://me:S3CRET@h/x', 'https://********@h/x'],
  ['https://S3CRET@h/api?k=S3CRET&bearer=S3CRET', 'https://********@h/api?k=********&bearer=********'],
  ['https://me:S3CRET@S3CRET@h', 'https://********@h'],
  ['https://:S3CRET@h', 'https://********@h'],
  ['https://me:S3/CRET@h/', 'https://********@h/'],
  ['https://S3/CRET@h/', 'https://********@h/'],
  ['https://me:S3?CRET@h/', 'https://********@h/'],
  ['https://me:S3?CR=ET@h/', 'https://********@h/'],
  ['https://me:S3#CRET@h/', 'https://********@h/'],
  ['https://me%3AS3CRET%40h/x?k%3DS3CRET', 'https://********@h/x?k%3D********'],
  ['HTTPS://me:S3CRET@h', 'HTTPS://********@h'],
  ['https:\\\\me:S3CRET@h\\x', 'https:\\\\********@h\\x'],
  ['https:/me:S3CRET@h/x', 'https:/********@h/x'],
  ['//me:S3CRET@h', '//********@h'],
  ['https://h/x?mail=a@b', 'https://h/x?mail=********'],
  ['https://h/x?a=1&%74oken=S3CRET', 'https://h/x?a=********&%74oken=********'],
  ['https://h/x?S3CRET', 'https://h/x?********'],
  ['https://h/x;s=S3CRET?k==S3CRET#sig=S3CRET', 'https://h/x;s=********?k=********#sig=********'],
  ['http:me:S3CRET@h', 'http:********@h'],
  ['ht\ntp://me:S3CRET@h', '********@h'],
  ['  https://me:S3CRET@h', '  https://********@h'],
  ['me:S3CRET@h', '********@h'],
  ['ftp://me:S3CRET@h', 'ftp://********@h'],
  ['http://me:S3C RET/S3CRET@h:99999', 'http://********@h:99999'],
  ['//h?secret=S3CRET', '//h?secret=********'],
  // Wide and small forms of the sign, e.g. from an input method.
  ['https://me:S3CRET\uff20h/x', 'https://********@h/x'],
  ['me:S3CRET\ufe6bh:3128', '********@h:3128'],
];

describe('maskUrl', () => {
  for (const [url, shown] of masked)
    it(`prints ${JSON.stringify(url)} as ${shown}`, () => assert.equal(maskUrl(url), shown));
});

describe('maskCredentials', () => {
  for (const quote of ['"', "'", '\\"'])
    it(`masks a value in ${quote} behind a parameter of a URL`, () => {
      const text = `get https://h/x?a=1&key=${quote}S3 CRET${quote} failed`;
      assert.doesNotMatch(maskCredentials(text), /S3|CRET/);
      assert.match(maskCredentials(text), /^get https:\/\/h\/x\?a=.*key=.* failed$/);
    });

  for (const [url] of masked.filter(([each]) => each.includes('S3')))
    it(`leaves no secret of ${JSON.stringify(url)} in a sentence`, () => {
      for (const text of [`cannot reach ${url}: refused`, `(${url})`, `{"url":"${url}"}`])
        assert.doesNotMatch(maskCredentials(text), /S3|CRET/, text);
    });

  const unchanged = [
    'tape:C:\\a@b.tape',
    '\\\\server\\share\\a@b',
    'a \uff20 b',
    'see https://h/x for "name"',
    'at run (file:///C:/agent/main.js:12:34)',
    'http://127.0.0.1:10300/ and admin@h',
    'no agent is listening on [::1]:10300',
  ];
  for (const text of unchanged) it(`keeps ${JSON.stringify(text)}`, () => assert.equal(maskCredentials(text), text));
});

describe('maskSettingValue', () => {
  const values: readonly [value: string, shown: string][] = [
    ['proxy.example:3128/x?key=S3CRET&b=S3CRET', 'proxy.example:3128/x?key=********&b=********'],
    ['/certs/ca.pem?sig=S3CRET', '/certs/ca.pem?sig=********'],
    ['https://me:S3CRET@h/ca.pem?k=S3CRET', 'https://********@h/ca.pem?k=********'],
  ];
  for (const [value, shown] of values)
    it(`shows ${value} as ${shown}`, () => assert.equal(maskSettingValue(value), shown));

  for (const value of ['C:\\certs\\a=b&c.pem', '(?i)^sql(?P<id>\\d)?=x$', '127.0.0.1:10300', '*.corp.example'])
    it(`keeps ${value}`, () => assert.equal(maskSettingValue(value), value));
});
