// The values that parameters of the PowerShell module accept are those of the engine.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { containerSchema } from '../../src/api/resources/containers.ts';
import { SERVICE_RULES } from '../../src/model/containers/services.ts';
import { DNS_STATUSES, NAMED_TYPES } from '../../src/model/owner/dns-codes.ts';

test('CorootAgent.Values.psd1 lists the states, statuses, types and rules of the engine', () => {
  const text = readFileSync('CorootAgent/CorootAgent.Values.psd1', 'utf8');
  const lists = Object.fromEntries(
    [...text.matchAll(/(\w+) += @\(([^)]*)\)/g)].map(([, name, items]) => [
      name,
      [...items!.matchAll(/'([^']*)'/g)].map(([, word]) => word).sort(),
    ]),
  );
  const { enum: states } = containerSchema.properties.state as { enum?: readonly string[] };
  assert.deepEqual(lists, {
    ContainerState: [...(states ?? [])].sort(),
    DnsStatus: [...DNS_STATUSES].sort(),
    DnsType: [...NAMED_TYPES].sort(),
    ServiceRule: Object.keys(SERVICE_RULES).sort(),
  });
});

test('Get-CorootContainer accepts the states of CorootAgent.Values.psd1', () => {
  const words = (file: string, pattern: RegExp) =>
    [...pattern.exec(readFileSync(file, 'utf8'))![1]!.matchAll(/'([^']*)'/g)].map(([, word]) => word);
  assert.deepEqual(
    words('CorootAgent/Public/Get-CorootContainer.ps1', /ValidateSet\(([^)]*)\)/),
    words('CorootAgent/CorootAgent.Values.psd1', /ContainerState += @\(([^)]*)\)/),
  );
});
