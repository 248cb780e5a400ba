// Secrets of the delivery in no output that a user sees or sends: status, log, metrics, tape, bundle and messages.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { AgentClient } from '../../src/api/client.ts';
import { type CliResult, runCli, startCli } from '../helpers/agent-process.ts';
import { until } from '../helpers/poll.ts';
import { freePort } from '../helpers/ports.ts';
import { openReceiver } from '../helpers/receiver.ts';
import { readZip } from '../helpers/zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'delivery-secrets-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const TIMEOUT_MS = 30_000;
const tape = ['--host', 'tape:docs/demo/shop.tape.gz', '--speed', 'max'];
/** In plain text, and as the header of basic authentication has it. */
const traces = [/canary/i, new RegExp(Buffer.from('canary-user:canary-pass').toString('base64').slice(0, 12))];

function checkText(text: string, what: string): void {
  for (const trace of traces) {
    const at = text.search(trace);
    assert.equal(at, -1, `${what}: ${text.slice(Math.max(0, at - 200), at + 100)}`);
  }
}

function settings(port: number): { readonly flags: string[]; readonly env: Record<string, string> } {
  const base = `http://canary-user:canary-pass@127.0.0.1:${port}`;
  return {
    flags: [
      ...['--metrics-endpoint', `${base}/write?token=canary-query`],
      ...['--logs-endpoint', `${base}/v1/logs?name=canary-query`],
      ...['--wal-dir', join(folder, `wal${port}`)],
    ],
    env: {
      COROOT_API_KEY: 'canary-key',
      COROOT_REQUEST_HEADERS: 'X-Scope-OrgID: canary-header',
      COROOT_PROXY: `http://canary-proxy:canary-proxy-pass@127.0.0.1:${port}`,
    },
  };
}

for (const status of [401, 404, 503])
  test(`no output has a secret while the receiver answers ${status} and repeats them all`, async (t) => {
    await using receiver = await openReceiver((response, { headers }) =>
      response.writeHead(status).end(JSON.stringify({ headers, text: 'canary-key canary-pass canary-query' })),
    );
    const { flags, env } = settings(receiver.port);
    const address = `127.0.0.1:${await freePort()}`;
    const agent = startCli(['run', ...tape, ...flags, '--listen', address, '--log-level', 'debug'], env);
    t.after(() => agent.child.kill('SIGKILL'));
    const client = new AgentClient({ address, timeoutMs: TIMEOUT_MS });
    const answer = await until('a failed request', TIMEOUT_MS, async () => {
      const found = await client.status();
      return found.deliveries.some(({ problem }) => problem !== '') ? found : undefined;
    });
    checkText(JSON.stringify(answer), 'status of the API');
    const outputs: CliResult[] = [
      await runCli(['status', '--address', address], env),
      await runCli(['status', '--address', address, '--output', 'json'], env),
      await runCli(['config', ...tape, ...flags], env),
      await runCli(['push', '--once', ...tape, ...flags], env),
      await runCli(['push', '--once', ...tape, ...flags, '--output', 'json'], env),
    ];
    for (const [at, { stdout, stderr }] of outputs.entries()) checkText(stdout + stderr, `output ${at}`);
    assert.match(outputs[0]!.stdout, new RegExp(`Delivery of metrics: .*answered ${status}: `));
    assert.deepEqual(
      outputs.slice(3).map(({ code }) => code),
      [16, 16],
    );
    checkText(await (await fetch(`http://${address}/metrics`)).text(), '/metrics');
    const bundle = join(folder, `${status}.zip`);
    const diagnosed = await runCli(['diagnose', bundle, ...tape, ...flags, '--address', address], env);
    assert.equal(diagnosed.code, 0, diagnosed.stderr);
    checkText(diagnosed.stdout + diagnosed.stderr, 'diagnose');
    for (const [name, content] of readZip(readFileSync(bundle)))
      checkText((name.endsWith('.gz') ? gunzipSync(content) : content).toString(), name);
    agent.child.kill('SIGTERM');
    const { code, stdout, stderr } = await agent.ended;
    assert.equal(code, 0, stderr);
    checkText(stdout + stderr, 'log');
    const recorded = join(folder, `${status}.tape.gz`);
    const record = await runCli(['record', recorded, '--for', '1s', ...tape, ...flags], env);
    checkText(record.stdout + record.stderr, 'record');
    assert.equal(record.code, 0, record.stderr);
    checkText(gunzipSync(readFileSync(recorded)).toString(), 'tape');
  });
