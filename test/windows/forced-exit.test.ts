// Forced exit on Windows: exit code and whole output while a thread hangs in a foreign call.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { build as bundle } from 'esbuild';
import { whyNoCompiler } from '../../scripts/lib/mingw.ts';
import { windowsBuild } from '../../scripts/lib/windows-build.ts';
import { openWine, type Wine, whyNoWine } from '../../scripts/lib/wine.ts';
import { AgentClient } from '../../src/api/client.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';
import { openWineService } from '../helpers/wine-service.ts';
import { serviceStopped } from './mesh/scm.ts';

const skip = (await whyNoWine()) || (await whyNoCompiler());
const TIMEOUT_MS = 30_000;
const limit = { timeoutMs: TIMEOUT_MS };
const helpers = join(import.meta.dirname, '../helpers');

/** The preload that starts the thread. */
const blockedThread = (wine: Wine): string =>
  `file:///${wine.toWindowsPath(join(helpers, 'blocked-thread.mjs')).replaceAll('\\', '/')}`;

/** Ids of all running programs. */
async function running(wine: Wine): Promise<number[]> {
  const { stdout } = await wine.run('tasklist', ['/fo', 'csv', '/nh']);
  const ids = [...stdout.matchAll(/^"[^"]+","(\d+)"/gm)].map(([, id]) => Number(id));
  assert.ok(ids.length > 2, stdout);
  return ids;
}

test('a forced exit under Wine', { skip }, async (t) => {
  await using wine = await openWine();
  const build = await windowsBuild();
  const preload = ['--import', blockedThread(wine)];

  await t.test('commands exit with their codes', async () => {
    const main = wine.toWindowsPath(build.main);
    const help = await wine.run(build.node, [...preload, main, 'run', '--help'], limit);
    assert.equal(help.code, 0, help.stderr);
    assert.match(help.stdout, /^Usage: coroot-agent run[\s\S]*--help .*\r?\n$/);
    const wrong = await wine.run(build.node, [...preload, main, 'config', '--listen', 'nowhere'], limit);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^coroot-agent: listen: "nowhere" is not allowed/);
  });

  await t.test('the agent in the foreground stops at Ctrl-C', async () => {
    const agent = await startWineAgent(wine, { nodeArgs: preload });
    // A process that hangs is killed and has another code.
    const guard = setTimeout(() => void agent.process.kill(), TIMEOUT_MS);
    const { code, stderr } = await agent.stop();
    clearTimeout(guard);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /stopped\r?\n$/);
  });

  await t.test('a slow reader gets all output that was written to a pipe', async () => {
    const folder = mkdtempSync('/tmp/coroot-agent-exit-');
    try {
      await bundle({
        stdin: {
          contents: `
            import { exitProcess } from './src/exit.ts';
            process.stderr.write('begun');
            process.stdout.write('x'.repeat(1 << 20));
            exitProcess(42);
          `,
          resolveDir: join(import.meta.dirname, '../..'),
        },
        outfile: join(folder, 'program.cjs'),
        bundle: true,
        format: 'cjs',
        platform: 'node',
        external: ['koffi'],
      });
      const reader = join(folder, 'reader.cjs');
      writeFileSync(
        reader,
        `
          const { spawn } = require('node:child_process');
          const child = spawn(process.execPath, process.argv.slice(2), { stdio: ['ignore', 'pipe', 'pipe'] });
          let bytes = 0;
          let stderr = '';
          child.stderr.on('data', (chunk) => {
            stderr += chunk;
            // The pipe buffer fills shortly after this output.
            setTimeout(() => child.stdout.on('data', (chunk) => (bytes += chunk.length)), 200);
          });
          child.on('close', (code) => console.log(JSON.stringify({ code, bytes, stderr })));
        `,
      );
      const program = wine.toWindowsPath(join(folder, 'program.cjs'));
      const { stdout, stderr } = await wine.run(build.node, [wine.toWindowsPath(reader), ...preload, program], {
        ...limit,
        env: { NODE_PATH: wine.toWindowsPath(join(build.app, 'node_modules')) },
      });
      assert.deepEqual(JSON.parse(stdout || '{}'), { code: 42, bytes: 1 << 20, stderr: 'begun' }, stderr);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  await t.test('a service that is stopped leaves no process and no crash report', async () => {
    await using host = await openWineService(wine);
    const port = await freePort();
    const client = new AgentClient({ address: `127.0.0.1:${port}`, timeoutMs: 3000 });
    assert.equal((await host.service('install')).code, 0);
    host.writeSettings({ listen: `127.0.0.1:${port}`, 'scrape-interval': '1s' });
    const commandLine = host.commandLine().replace(' --import ', ` ${preload.join(' ')} --import `);
    await host.scm.send([['path', 'CorootAgent', commandLine]]);
    await host.scm.start(['CorootAgent']);
    const { agent } = await until('the service', TIMEOUT_MS, () => client.status());
    assert.ok((await running(wine)).includes(agent.pid));
    await host.scm.stop(['CorootAgent']);
    await until('its end', TIMEOUT_MS, async () => ((await running(wine)).includes(agent.pid) ? undefined : true));
    const [answer] = await host.scm.send([['query', 'CorootAgent']]);
    // STATE, PID, TYPE, EXITCODE
    assert.deepEqual(answer!.slice(3), [String(serviceStopped), '0', '16', '0']);
    // The watchdog would have ended it too, but as a crash.
    assert.deepEqual(
      readdirSync(host.dataFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json')),
      ['settings.json'],
    );
  });
});
