// The full DNS name of a Windows machine in the Host header of requests, under Wine.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { openWine, whyNoWine } from '../../scripts/lib/wine.ts';
import { startWineAgent } from '../helpers/wine-agent.ts';

const parameters = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';

function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const pending = request(url, { headers: { host }, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    pending.on('error', reject);
    pending.end();
  });
}

test('answers requests by the full DNS name of the machine', { skip: await whyNoWine() }, async () => {
  await using wine = await openWine();
  // Wine overwrites the names when it boots; a running program prevents a second boot.
  const running = wine.spawn('cmd', ['/c', 'ping -n 600 127.0.0.1']);
  for (const [name, value] of [
    ['Hostname', 'web01'],
    ['Domain', 'corp.example'],
  ] as const)
    await wine.run('reg', ['add', parameters, '/v', name, '/t', 'REG_SZ', '/d', value, '/f']);
  const agent = await startWineAgent(wine);
  const url = `http://${agent.address}/health`;
  assert.equal(await statusFor(url, 'WEB01.corp.example:10300'), 200);
  assert.equal(await statusFor(url, 'web01'), 200);
  assert.equal(await statusFor(url, 'web02.corp.example'), 403);
  await agent.stop();
  await running.kill();
});
