// Secrets in valid and invalid URLs are masked.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { maskCredentials, maskUrl } from '../../src/base/mask-secrets.ts';

const masked: readonly [url: string, shown: string][] = [
  ['https://h/x', 'https://h/x'],
  ['https://h:8080/a@b?c=d', 'https://h:8080/a@b?c=d'],
  ['https://me:S3CRET@h/x', 'https://me:********@h/x'],
  ['https://me:S3CRET@S3CRET@h', 'https://me:********@h'],
  ['https://:S3CRET@h', 'https://:********@h'],
  ['https://h/x?token=S3CRET&a=1&API_KEY=S3CRET', 'https://h/x?token=********&a=1&API_KEY=********'],
  ['https://h/x?%74oken=S3CRET', 'https://h/x?%74oken=********'],
  ['https://h/x?password=S3CRET#sig=S3CRET', 'https://h/x?password=********#sig=********'],
  ['http:me:S3CRET@h', 'http:me:********@h'],
  ['ht\ntp://me:S3CRET@h', '********@h'],
  ['me:S3CRET@h', '********@h'],
  ['ftp://me:S3CRET@h', 'ftp://********@h'],
  ['http://me:S3C RET/S3CRET@h:99999', 'http://********@h:99999'],
  ['//h?secret=S3CRET', '//h?secret=********'],
];

describe('maskUrl', () => {
  for (const [url, shown] of masked)
    it(`prints ${JSON.stringify(url)} as ${shown}`, () => assert.equal(maskUrl(url), shown));
});

it('masks only credentials in other texts', () => {
  assert.equal(maskCredentials('tape:C:\\a@b.tape'), 'tape:C:\\a@b.tape');
  assert.equal(maskCredentials('see http://me:S3CRET@h/x'), 'see http://********@h/x');
});
