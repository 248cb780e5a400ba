// What a container is told beside its network under Wine: the path of its program, threads, handles, and how it ended.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { createMesh } from './mesh/mesh.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());

test('containers under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  const mesh = await createMesh(wine);
  await mesh.scm.start(['redis_6379', 'payments']);
  const agent = await startWineAgent(wine);
  const container = async (name: string) => {
    const { containers } = await agent.client.containers();
    return containers.find(({ id }) => id === `/win/${name}`)!;
  };

  await t.test('each program has the path that the manager started it by, and lies on its drive', async () => {
    await agent.passes(1);
    const { services } = await agent.client.services();
    const { imagePath, io } = await container('redis_6379');
    const { binaryPath } = services.find(({ name }) => name === 'redis_6379')!;
    assert.equal(imagePath.toLowerCase(), binaryPath.split(' ')[0]!.replaceAll('"', '').toLowerCase());
    assert.equal(io.device, imagePath.slice(0, 2).toUpperCase());
    const { processes } = await agent.client.processes();
    const manager = processes.find(({ name }) => name.toLowerCase() === 'services.exe')!;
    assert.match(manager.imagePath, /^C:\\windows\\system32\\services\.exe$/i);
    assert.deepEqual(
      processes.filter(({ imagePath }) => imagePath === '').map(({ name }) => name),
      [],
    );
  });

  await t.test('threads and handles of all its processes', async () => {
    const { processes } = await agent.client.processes();
    const { pids, threads } = await container('payments');
    const own = processes.filter(({ pid }) => pids.includes(pid));
    assert.ok(own.length >= 2 && threads >= own.length, `${threads} threads of ${own.length} processes`);
  });

  await t.test('a process that is killed is told with the manager’s code, and stays in sight; its restart is a crash', async () => {
    const { pid, restarts } = await container('redis_6379');
    const killed = await wine.run('taskkill', ['/f', '/pid', String(pid)]);
    assert.equal(killed.code, 0, killed.stderr);
    await agent.passes(1);
    const { state, lastExit } = await container('redis_6379');
    // winerror.h: ERROR_PROCESS_ABORTED.
    assert.deepEqual([state, lastExit.code, lastExit.meaning], ['failed', 1067, 'the process ended unexpectedly']);
    await mesh.scm.start(['redis_6379']);
    await agent.passes(1);
    const back = await container('redis_6379');
    assert.deepEqual([back.state, back.restarts], ['running', restarts + 1]);
    assert.deepEqual(back.restartsByCause, { crash: 1, planned: 0, unknown: 0 });
  });

  await t.test('a service that is stopped and started in order has a planned restart', async () => {
    await mesh.stop(['payments']);
    await agent.passes(1);
    assert.deepEqual(
      [(await container('payments')).state, (await container('payments')).lastExit.meaning],
      ['stopped', 'stopped in order'],
    );
    await mesh.scm.start(['payments']);
    await agent.passes(1);
    assert.deepEqual((await container('payments')).restartsByCause, { crash: 0, planned: 1, unknown: 0 });
  });

  assert.equal((await agent.stop()).code, 0);
});
