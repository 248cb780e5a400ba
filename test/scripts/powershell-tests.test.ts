// The counts of a Pester run, and the packages that are downloaded for it.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifyPackage } from '../../scripts/lib/dotnet.ts';
import { packages } from '../../scripts/lib/powershell.ts';
import { countsOf } from '../../scripts/lib/powershell-tests.ts';

const line = (passed: number, failed: number, skipped: number) => JSON.stringify({ passed, failed, skipped });

test('reads the counts from the last line of the output', () => {
  const counts = countsOf(0, `Tests completed\r\n${line(3, 0, 0)}\r\n`, '6.2.0');
  assert.deepEqual({ ...counts, details: [] }, { passed: 3, failed: 0, skipped: 0, left: [], details: [] });
});

test('names the Pester version of skipped tests', () => {
  const { skipped, left } = countsOf(0, line(3, 0, 2), '5.7.1');
  assert.equal(skipped, 2);
  assert.match(left.join(), /2 tests skipped by Pester 5\.7\.1/);
});

test('counts a failure when the run failed, passed nothing or printed no counts', () => {
  assert.equal(countsOf(1, line(3, 0, 0), '6.2.0').failed, 1);
  assert.equal(countsOf(0, line(0, 0, 0), '6.2.0').failed, 1);
  assert.equal(countsOf(0, 'Import-Module: not found', '6.2.0').failed, 1);
  assert.equal(countsOf(1, line(3, 4, 0), '6.2.0').failed, 4);
});

test('refuses a package with another checksum', () => {
  const folder = mkdtempSync(join(tmpdir(), 'coroot-agent-package-'));
  try {
    const file = join(folder, 'a.nupkg');
    writeFileSync(file, 'abc');
    const sha512 =
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f';
    verifyPackage(file, sha512);
    assert.throws(() => verifyPackage(file, sha512.replace('d', 'e')), /a\.nupkg has the SHA-512 ddaf35a/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the host for Windows has the PowerShell version that is pinned for this machine', () => {
  const project = readFileSync('scripts/powershell/windows-host/windows-host.csproj', 'utf8');
  const [, version] = /Include="Microsoft\.PowerShell\.SDK" Version="([^"]+)"/.exec(project) ?? [];
  assert.equal(version, packages.powershell.version);
});
