// Services that the SCM of Wine cannot have (protected, per-user, triggered, shared), from a double.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { useDoubles } from './doubles/doubles.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());

const script = [
  'name=WinDefend|display=Defender|start=2|state=4|pid=4444|type=0x10|deny=open',
  'name=CDPUserSvc_1a2b3c|display=Connected Devices|start=2|state=4|pid=4500|type=0xd0',
  'name=CDPUserSvc|start=2|state=1|type=0x50',
  'name=W32Time|start=2|state=4|pid=4600|type=0x20|triggers=2',
  'name=LateStarter|start=2|state=4|pid=4700|type=0x10|delayed=1',
  'name=BFE|start=2|state=4|pid=4800|type=0x20',
  'name=mpssvc|start=2|state=4|pid=4800|type=0x20',
  'name=RemoteRegistry|start=4|state=1|type=0x20',
];

test('services from a double', { skip }, async (t) => {
  await using wine = await openWine();
  const folder = mkdtempSync('/tmp/coroot-agent-services-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'services.txt');
  writeFileSync(file, script.join('\n'));
  const doubles = await useDoubles(wine, ['services']);
  const agent = await startWineAgent(wine, {
    ...doubles,
    env: { ...doubles.env, COROOT_TEST_SERVICES: wine.toWindowsPath(file) },
  });
  const { services } = await agent.client.services();
  const by = (name: string) => services.find((service) => service.name === name)!;

  await t.test('lists a protected service with the reason', () => {
    assert.equal(by('WinDefend').rule, 'unreadable');
    assert.equal(by('WinDefend').pid, 4444);
    assert.match(by('WinDefend').explanation, /OpenServiceW: access denied \(5\)/);
  });

  await t.test('the status names the missing right and its effect', async () => {
    const { missing } = await agent.client.status();
    const services = missing.find(({ part }) => part === 'configuration of one service');
    assert.match(services?.reason ?? '', /access denied, e\.g\. to WinDefend/);
    assert.match(services?.requiredRight ?? '', /^SERVICE_QUERY_CONFIG/);
    assert.match(services?.consequence ?? '', /no containers/);
    const memory = missing.find(({ part }) => part === 'exact free and cached memory');
    // Wine lacks the call, so no right is named.
    assert.deepEqual(
      [memory?.requiredRight, memory?.consequence],
      ['', 'exact free and cached memory: both are estimated from the system cache'],
    );
  });

  await t.test('recognises per-user services and their templates by their type', () => {
    assert.equal(by('CDPUserSvc_1a2b3c').rule, 'per-user');
    assert.equal(by('CDPUserSvc').rule, 'per-user');
  });

  await t.test('a trigger excludes a service, delayed start does not', () => {
    assert.equal(by('W32Time').rule, 'triggered');
    assert.equal(by('LateStarter').rule, 'selected');
    assert.equal(by('LateStarter').startType, 'automatic (delayed)');
    assert.equal(by('RemoteRegistry').rule, 'disabled');
  });

  await t.test('services that share a process are listed as such and are not containers', async () => {
    const { containers } = await agent.client.containers();
    const shared = containers.filter(({ pid }) => pid === 4800);
    assert.deepEqual(
      shared.map(({ id, state }) => `${id} ${state}`),
      ['/win/BFE shared', '/win/mpssvc shared'],
    );
    const metrics = await (await fetch(`http://${agent.address}/metrics`)).text();
    assert.doesNotMatch(metrics, /mpssvc/);
  });

  assert.equal((await agent.stop()).code, 0);
});
