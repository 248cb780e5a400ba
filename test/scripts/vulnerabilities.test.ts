// The check for known vulnerabilities, with a registry on loopback.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { createGunzip } from 'node:zlib';
import { audit, isFailing } from '../../scripts/lib/vulnerabilities.ts';

const advisory = {
  id: 1,
  url: 'https://github.com/advisories/GHSA-0000-0000-0000',
  title: 'Example flaw',
  severity: 'high',
  vulnerable_versions: '<1.0.1',
};

/**
 * A registry that answers `npm audit` with `advisories` and records the question.
 * @see https://docs.npmjs.com/cli/v11/commands/npm-audit
 */
async function aRegistry(
  t: TestContext,
  status: number,
  advisories: object,
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server: Server = createServer(async (request, response) => {
    if (request.method !== 'POST') {
      // The versions of a package, which npm reads to find a version that is not affected.
      const versions = { '1.0.0': { name: 'leftover', version: '1.0.0' } };
      response.end(JSON.stringify({ name: 'leftover', 'dist-tags': { latest: '1.0.0' }, versions }));
      return;
    }
    const zipped = request.headers['content-encoding'] === 'gzip';
    asked.push(await text(zipped ? request.pipe(createGunzip()) : request));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(advisories));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  t.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A folder whose lock file names version 1.0.0 of the package `leftover`. */
function aLockFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'coroot-audit-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const root = { name: 'product', version: '1.0.0', dependencies: { leftover: '1.0.0' } };
  const packages = { '': root, 'node_modules/leftover': { version: '1.0.0' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(root));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({ name: 'product', version: '1.0.0', lockfileVersion: 3, packages }),
  );
  return folder;
}

test('an advisory for a locked version is found from the lock file alone', async (t) => {
  const registry = await aRegistry(t, 200, { leftover: [advisory] });
  const result = await audit(aLockFile(t), registry.url);
  assert.deepEqual(result, {
    vulnerabilities: [{ package: 'leftover', severity: 'high', title: 'Example flaw', url: advisory.url }],
  });
  assert.deepEqual(
    registry.asked.map((body) => JSON.parse(body)),
    [{ leftover: ['1.0.0'] }],
  );
});

test('no advisory is an empty list', async (t) => {
  const registry = await aRegistry(t, 200, {});
  assert.deepEqual(await audit(aLockFile(t), registry.url), { vulnerabilities: [] });
});

test('a registry without advisories is unavailable, and its address is not in the reason', async (t) => {
  const registry = await aRegistry(t, 405, {});
  const result = await audit(aLockFile(t), registry.url);
  assert.match('unavailable' in result ? result.unavailable : '', /405/);
  assert.doesNotMatch(JSON.stringify(result), /127\.0\.0\.1/);
});

test('only high and critical severities fail the check', () => {
  const severities = ['info', 'low', 'moderate', 'high', 'critical'];
  const found = severities.map((severity) => ({ package: 'leftover', title: '', url: '', severity }));
  assert.deepEqual(
    found.filter(isFailing).map(({ severity }) => severity),
    ['high', 'critical'],
  );
});
