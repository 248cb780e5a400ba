// Package, lockfile, PowerShell module and agent have the same version.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { AGENT_VERSION } from '../../src/base/version.ts';

interface Package {
  version: string;
  engines: { node: string };
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}
const json = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
const { version, engines, dependencies, devDependencies } = json<Package>('package.json');

test('the agent, the lockfile and the PowerShell module have the version of the package', () => {
  assert.match(version, /^\d+\.\d+\.\d+$/);
  assert.equal(AGENT_VERSION, version);
  const lock = json<{ version: string; packages: Record<string, { version: string }> }>('package-lock.json');
  assert.deepEqual([lock.version, lock.packages['']!.version], [version, version]);
  const manifest = 'CorootAgent/CorootAgent.psd1';
  if (existsSync(manifest))
    assert.equal(/^\s*ModuleVersion\s*=\s*'([^']+)'/m.exec(readFileSync(manifest, 'utf8'))?.[1], version);
});

test('each dependency has an exact version', () => {
  for (const [name, wanted] of Object.entries({ ...dependencies, ...devDependencies }))
    assert.match(wanted, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
});

test('the pinned Node is the minimum version of the package, and runs this test', () => {
  const toolchain = json<{ optionalDependencies: Record<string, string> }>('scripts/toolchain/package.json');
  const nodes = Object.entries(toolchain.optionalDependencies).filter(([name]) => name.startsWith('node-'));
  const [pinned, ...others] = new Set(nodes.map(([, each]) => each));
  assert.deepEqual(others, [], 'every platform has the same Node');
  assert.equal(engines.node, `>=${pinned}`);
  assert.equal(process.version, `v${pinned}`);
});
