// Other programs on the port of the agent under Wine: the CLI refuses them, and the agent reports them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { AgentClient } from '../../src/api/client.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';
import { openWineService } from '../helpers/wine-service.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const TIMEOUT_MS = 60_000;

test('other programs on the port of the agent under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  await using host = await openWineService(wine);
  const build = await windowsBuild();
  const port = await freePort();
  const otherPort = await freePort();
  /** Answers every request with an empty object. */
  const listen = async (address: string, listenPort: number) => {
    const script =
      `require('http').createServer((request, response) => response.end('{}'))` +
      `.listen(${listenPort}, '${address}', () => console.log('listening'))`;
    const program = wine.spawn(build.node, ['-e', script]);
    const host = address.includes(':') ? `[${address}]` : address;
    await until('the other program', TIMEOUT_MS, async () => (await fetch(`http://${host}:${listenPort}/`)).ok);
    return program;
  };
  const other = await listen('127.0.0.1', otherPort);
  t.after(() => other.kill());
  assert.equal((await host.service('install')).code, 0);
  host.writeSettings({ listen: `127.0.0.1:${port}`, 'scrape-interval': '1s', 'min-container-age': '0s' });
  assert.equal((await host.service('start')).code, 0);
  const { pid } = (await host.scm.query(['CorootAgent']))[0]!;
  const status = (listenPort: number, ...args: string[]) =>
    host.agent(['status', ...args], { COROOT_LISTEN: `127.0.0.1:${listenPort}` });

  await t.test('the CLI accepts the service', async () => {
    const { code, stderr } = await status(port);
    assert.equal(code, 0, stderr);
  });

  await t.test('the CLI refuses another program with exit code 15 while the service runs', async () => {
    const { code, stdout, stderr } = await status(otherPort);
    assert.equal(code, 15, stdout + stderr);
    const where = `process \\d+ answers on 127\\.0\\.0\\.1:${otherPort}`;
    assert.match(stderr, new RegExp(`${where}, which is not the agent: the service is process ${pid}`));
  });

  await t.test('a program of the own account at an address that the user names is only no agent', async () => {
    const { code, stderr } = await status(otherPort, '--address', `127.0.0.1:${otherPort}`);
    assert.equal(code, 7, stderr);
  });

  await t.test('the agent names a program on the other loopback address, as long as it listens', async () => {
    const client = new AgentClient({ address: `127.0.0.1:${port}`, timeoutMs: 3000 });
    const problem = async () => (await client.status()).agent.listenProblem;
    assert.equal(await until('status', TIMEOUT_MS, problem), '');
    const beside = await listen('::1', port);
    const found = await until('the problem', TIMEOUT_MS, async () => (await problem()) || undefined);
    assert.match(found, new RegExp(`^process \\d+ listens on \\[::1\\]:${port} as well`));
    await beside.kill();
    await until('its end', TIMEOUT_MS, async () => ((await problem()) === '' ? true : undefined));
  });

  assert.equal((await host.service('uninstall')).code, 0);
});
