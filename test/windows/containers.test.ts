// Containers under Wine, except for their network: path of the program, threads, handles, exit and limits.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compileC, whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { until } from '../helpers/poll.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { useDoubles } from './doubles/doubles.ts';
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

  await t.test('each program has the path with which the SCM started it, and the drive of that path', async () => {
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

  await t.test('counts threads and handles of all processes of a container', async () => {
    const { processes } = await agent.client.processes();
    const { pids, threads } = await container('payments');
    const own = processes.filter(({ pid }) => pids.includes(pid));
    assert.ok(own.length >= 2 && threads >= own.length, `${threads} threads of ${own.length} processes`);
  });

  await t.test(
    'reports the exit code of a killed process, keeps its container, and counts the restart as a crash',
    async () => {
      const { pid, restarts } = await container('redis_6379');
      const killed = await wine.run('taskkill', ['/f', '/pid', String(pid)]);
      assert.equal(killed.code, 0, killed.stderr);
      await agent.passes(1);
      const { state, lastExit } = await container('redis_6379');
      // winerror.h: ERROR_PROCESS_ABORTED.
      assert.deepEqual(
        [state, lastExit.code, lastExit.meaning],
        ['failed', 1067, 'the process terminated unexpectedly'],
      );
      await mesh.scm.start(['redis_6379']);
      await agent.passes(1);
      const back = await container('redis_6379');
      assert.deepEqual([back.state, back.restarts], ['running', restarts + 1]);
      assert.deepEqual(back.restartsByCause, { crash: 1, planned: 0, unknown: 0 });
    },
  );

  await t.test('counts a planned restart for a service that is stopped and started', async () => {
    await mesh.stop(['payments']);
    await agent.passes(1);
    assert.deepEqual(
      [(await container('payments')).state, (await container('payments')).lastExit.meaning],
      ['stopped', 'stopped normally'],
    );
    await mesh.scm.start(['payments']);
    await agent.passes(1);
    assert.deepEqual((await container('payments')).restartsByCause, { crash: 0, planned: 1, unknown: 0 });
  });

  assert.equal((await agent.stop()).code, 0);
});

test('limits of jobs under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  const folder = mkdtempSync('/tmp/coroot-agent-jobs-');
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'jobs.txt');
  // winnt.h: JOB_OBJECT_LIMIT_JOB_MEMORY 0x200; JOB_OBJECT_CPU_RATE_CONTROL_ENABLE 0x1 | HARD_CAP 0x4, a quarter of ten
  // thousand.
  writeFileSync(file, `${0x200} 0 ${512 * 2 ** 20} ${0x5} 2500\n`);
  // Wine ends its services when no other program runs for some seconds, so nothing is compiled once they run.
  const program = await compileC({ source: join(import.meta.dirname, 'job-holder.c'), kind: 'exe' });
  const doubles = await useDoubles(wine, ['jobLimits']);
  const mesh = await createMesh(wine);
  await mesh.scm.start(['redis_6379', 'nginx_80']);
  const facts = await mesh.scm.query(['redis_6379', 'nginx_80']);
  const pidOf = (name: string) => facts.find((service) => service.name === name)!.pid;
  // One name is in the global directory, one in that of the session.
  const holders = [
    ['Global\\coroot-test', pidOf('redis_6379')],
    ['coroot-test', pidOf('nginx_80')],
  ].map(([name, pid]) => wine.spawn(program, [String(name), String(pid)]));
  for (const holder of holders) {
    const output = await until(
      'the output of job-holder',
      20_000,
      async () => readFileSync(holder.stdoutPath, 'utf8').trim() || undefined,
    );
    assert.equal(output, 'assigned');
  }
  const agent = await startWineAgent(wine, {
    ...doubles,
    env: { ...doubles.env, COROOT_TEST_JOBS: wine.toWindowsPath(file) },
  });
  const limits = async (name: string) => {
    const { containers } = await agent.client.containers();
    return containers.find(({ id }) => id === `/win/${name}`)!.limits;
  };

  await t.test('finds jobs by name, with their real processes', async () => {
    const cpuCores = availableParallelism() / 4;
    const bounded = { memoryBytes: 512 * 2 ** 20, cpuCores, hasUnnamedJob: false };
    assert.deepEqual(await limits('redis_6379'), { ...bounded, jobs: ['\\BaseNamedObjects\\coroot-test'] });
    const { jobs, ...rest } = await limits('nginx_80');
    assert.deepEqual(rest, bounded);
    assert.match(jobs.join(), /^\\Sessions\\\d+\\BaseNamedObjects\\coroot-test$/);
  });

  await t.test('exports the limits with the metric names of Coroot’s agent for Linux', async () => {
    const metrics = await (await fetch(`http://${agent.address}/metrics`)).text();
    const found = metrics
      .split('\n')
      .filter((line) => /^container_resources_(memory|cpu)_limit/.test(line) && line.includes('/win/redis_6379'));
    assert.deepEqual(
      found.map((line) => line.replace(/\{.*\}/, '')),
      [
        `container_resources_cpu_limit_cores ${availableParallelism() / 4}`,
        `container_resources_memory_limit_bytes ${512 * 2 ** 20}`,
      ],
    );
  });

  assert.equal((await agent.stop()).code, 0);
});
