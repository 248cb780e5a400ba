// The output of `dns`, and of `status` on the source of connects, from a real control plane.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDnsRequestsCommand } from '../../cli/commands/dns-requests.ts';
import { addStatusCommand } from '../../cli/commands/status.ts';
import { formatTime } from '../../cli/format.ts';
import { parseNamePatterns } from '../../src/settings/name-patterns.ts';
import { aDnsHost } from '../helpers/dns-host.ts';
import { wall } from '../helpers/model.ts';
import { observation } from '../helpers/observations.ts';
import { printedBy } from '../helpers/printed.ts';

const printed = (args: readonly string[], model = aDnsHost()) =>
  printedBy([addDnsRequestsCommand, addStatusCommand], args, model);
const lines = (text: string) => text.split('\n').map((line) => line.trim());

test('prints DNS requests, then each container with latencies and its last failure', async () => {
  assert.deepEqual(lines(await printed(['dns'])), [
    'CONTAINER DOMAIN TYPE STATUS COUNT',
    '/win/web shop.example.com TypeA ok 2',
    '/win/web gone.example.com TypeA nxdomain 1',
    '/win/MSSQL_X db.example.com TypeAAAA timeout 1',
    '',
    'CONTAINER UNANSWERED TIMED MEAN LAST FAILURE AT',
    `/win/web 1 1 200.0 ms gone.example.com TypeA nxdomain ${formatTime(wall(500))}`,
    `/win/MSSQL_X 0 0 db.example.com TypeAAAA timeout ${formatTime(wall(700))}`,
    '',
  ]);
});

test('filters by name, id and wildcards, prints failures only, and prints JSON', async () => {
  const text = await printed(['dns', 'mssql*']);
  assert.match(text, /db\.example\.com/);
  assert.doesNotMatch(text, /\/win\/web/);
  assert.match(await printed(['dns', '/win/w?b']), /shop\.example\.com/);
  const failed = await printed(['dns', '--failed']);
  assert.match(failed, /gone\.example\.com TypeA nxdomain 1/);
  assert.doesNotMatch(failed, /shop\.example\.com/);
  const parsed = JSON.parse(await printed(['dns', '--failed', '-o', 'json'])) as {
    containerId: string;
    requests: object[];
  }[];
  assert.deepEqual(
    parsed.map(({ containerId, requests }) => [containerId, requests]),
    [
      ['/win/web', [{ domain: 'gone.example.com', type: 'TypeA', status: 'nxdomain', count: 1 }]],
      ['/win/MSSQL_X', [{ domain: 'db.example.com', type: 'TypeAAAA', status: 'timeout', count: 1 }]],
    ],
  );
});

test('status prints the source of connects, and why it is not events', async () => {
  const model = aDnsHost();
  assert.match(
    await printed(['status'], model),
    /^Connects inferred from TCP tables: connection events are not available$/m,
  );
  const none = { restarts: 0, events: 0, eventsLost: 0, buffersLost: 0, realTimeBuffersLost: 0, dropped: {} };
  model.observe(observation('etw', { state: 'running', reason: '', providers: ['Microsoft-Windows-TCPIP'], ...none }));
  assert.match(await printed(['status'], model), /^Connects by events$/m);
});

test('status names a pattern of a setting that matches nothing, with unsafe characters visible', async () => {
  const namePatterns = { 'container-denylist': parseNamePatterns(['web', 'gone\u202e'], false)! };
  assert.match(
    await printedBy([addStatusCommand], ['status'], aDnsHost(), { namePatterns }),
    /^Setting container-denylist: the pattern gone<U\+202E> matches nothing on this host\.$/m,
  );
});
