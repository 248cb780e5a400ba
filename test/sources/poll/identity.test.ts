// The name of the system as Coroot expects it, whatever the registry contains.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelVersion } from '../../../src/sources/poll/identity.ts';

const version = (build: number, major = 10, minor = 0) => ({ major, minor, build });

test('joins the product name and the build', () => {
  assert.equal(
    kernelVersion('Windows Server 2022 Datacenter', version(20348)),
    'Windows Server 2022 Datacenter (Build 20348)',
  );
  assert.equal(
    kernelVersion('Windows Server 2016 Standard', version(14393)),
    'Windows Server 2016 Standard (Build 14393)',
  );
  assert.equal(kernelVersion(' Windows 10 Pro \r\n', version(19045)), 'Windows 10 Pro (Build 19045)');
});

test('names Windows 11 from its first build on', () => {
  assert.equal(kernelVersion('Windows 10 Enterprise', version(21999)), 'Windows 10 Enterprise (Build 21999)');
  assert.equal(kernelVersion('Windows 10 Enterprise', version(22000)), 'Windows 11 Enterprise (Build 22000)');
  assert.equal(kernelVersion('Windows 10 Pro', version(26100)), 'Windows 11 Pro (Build 26100)');
  assert.equal(kernelVersion('Windows 11 Pro', version(26100)), 'Windows 11 Pro (Build 26100)');
});

test('keeps the name of a server with such a build', () => {
  assert.equal(
    kernelVersion('Windows Server 2025 Datacenter', version(26100)),
    'Windows Server 2025 Datacenter (Build 26100)',
  );
  assert.equal(
    kernelVersion('Windows Server 2022 Datacenter: Azure Edition', version(25398)),
    'Windows Server 2022 Datacenter: Azure Edition (Build 25398)',
  );
});

test('falls back to the version, the product name or "Windows" when parts are missing', () => {
  assert.equal(kernelVersion('', version(17763)), 'Windows 10.0 (Build 17763)');
  assert.equal(kernelVersion('  ', version(9600, 6, 3)), 'Windows 6.3 (Build 9600)');
  assert.equal(kernelVersion('Windows Server 2019 Standard', undefined), 'Windows Server 2019 Standard');
  assert.equal(kernelVersion('', undefined), 'Windows');
});

test('begins each name with "Windows", by which Coroot recognises the node', () => {
  for (const name of ['Hyper-V Server', 'Azure Stack HCI', 'Microsoft Windows', 'windows embedded']) {
    for (const numbers of [version(20349), undefined]) assert.match(kernelVersion(name, numbers), /^windows/i);
  }
});
