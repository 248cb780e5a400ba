// Names on the command line are patterns of PowerShell's -like.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addConnectionsCommand } from '../../cli/commands/connections.ts';
import { addContainersCommand } from '../../cli/commands/containers.ts';
import { addDnsRequestsCommand } from '../../cli/commands/dns-requests.ts';
import { addGpusCommand } from '../../cli/commands/gpus.ts';
import { addListenersCommand } from '../../cli/commands/listeners.ts';
import { addProcessesCommand } from '../../cli/commands/processes.ts';
import { addServicesCommand } from '../../cli/commands/services.ts';
import type { AgentError } from '../../src/base/errors.ts';
import { aModel, HOUR_MS, round, wall } from '../helpers/model.ts';
import { aService, observation } from '../helpers/observations.ts';
import { printedBy } from '../helpers/printed.ts';

const names = ['svc[1]', 'svc1', 'svc*'];

function aHost() {
  const model = aModel();
  const services = names.map((name, index) => aService({ name, pid: 100 + index }));
  const processes = services.map(({ pid, name }) => ({ pid, name: `${name}.exe`, createdAtMs: wall(-HOUR_MS) }));
  round(model, 0, { services, processes });
  const events = services.map(({ pid }) => {
    return { type: 'completed', pid, atMs: wall(500), queryType: 1, options: 0, name: `${pid}.example`, status: 0 };
  });
  model.observe(observation('dnsEvents', events as never, { atMs: 1000 }));
  for (const atMs of [15_000, 60_000]) round(model, atMs, { services, processes });
  return model;
}

const commands = [
  addContainersCommand,
  addDnsRequestsCommand,
  addListenersCommand,
  addProcessesCommand,
  addServicesCommand,
];

/** Rows that a command prints as JSON for a name. */
async function rows(command: string, name: string): Promise<Record<string, unknown>[]> {
  return JSON.parse(await printedBy(commands, [command, name, '-o', 'json'], aHost()));
}

const cases: [name: string, found: string[]][] = [
  ['svc[1]', ['svc1']],
  ['svc`[1`]', ['svc[1]']],
  ['svc[[]1]', ['svc[1]']],
  ['svc`*', ['svc*']],
  ['SVC1', ['svc1']],
  ['svc*', names],
];

for (const [name, found] of cases) {
  test(`containers, services and dns-requests find ${found.join(' and ')} by ${name}`, async () => {
    const sorted = [...found].sort();
    for (const [command, field] of [
      ['containers', 'name'],
      ['services', 'name'],
      ['dns-requests', 'containerName'],
    ] as const)
      assert.deepEqual((await rows(command, name)).map((row) => row[field]).sort(), sorted, command);
  });
}

test('processes finds by an escaped container id and by an escaped name', async () => {
  for (const name of ['/win/svc`[1`]', 'svc`[1`].exe'])
    assert.deepEqual(
      (await rows('processes', name)).map((row) => row.name),
      ['svc[1].exe'],
    );
});

const all = [...commands, addConnectionsCommand, addGpusCommand];

const unknown: [command: string, kind: string][] = [
  ['containers', 'container'],
  ['connections', 'container'],
  ['dns-requests', 'container'],
  ['listeners', 'container, service or listener'],
  ['processes', 'process or container'],
  ['services', 'service'],
  ['services --groups', 'group or service in a shared process'],
  ['gpus', 'GPU'],
];

for (const [command, kind] of unknown) {
  const words = command.split(' ');

  test(`${command} reports names that the host does not have, each once, with exit code 13`, async () => {
    const run = printedBy(all, [...words, 'no-such', 'NO-such', 'no`[1`]', 'no-such*'], aHost());
    await assert.rejects(run, (error: AgentError) => {
      assert.equal(error.message, `there is no ${kind} no-such, no[1]`);
      assert.equal(error.exitCode, 13);
      return true;
    });
  });

  test(`${command} accepts a pattern that matches nothing`, async () => {
    assert.doesNotMatch(await printedBy(all, [...words, 'no-such*', '[x]y'], aHost()), /svc/);
  });

  for (const name of ['', '[z-a]', 'svc[9-0]*'])
    test(`${command} refuses the name '${name}' before it asks the agent`, async () => {
      await assert.rejects(printedBy(all, [...words, name], aHost()), { code: 'USAGE' });
    });
}

test('commands print what they found before they report a missing name', async () => {
  for (const command of ['containers', 'services', 'processes', 'dns-requests']) {
    let text = '';
    await assert.rejects(
      printedBy(all, [command, 'svc1', 'no-such'], aHost(), {}, (part) => {
        text += part;
      }),
      { code: 'NAME_UNKNOWN' },
    );
    assert.match(text, /svc1/, command);
  }
});

test('a container without connections or listeners is not missing', async () => {
  for (const command of ['connections', 'listeners'])
    assert.equal(await printedBy(all, [command, 'svc1', '/win/svc`[1`]'], aHost()), 'Nothing found.\n');
});

test('listeners accepts an IPv6 address as a name, not as a set of characters', async () => {
  await assert.rejects(printedBy(all, ['listeners', '[::1]:443'], aHost()), { message: /listener \[::1\]:443$/ });
});

test('processes finds a process by its name without .exe', async () => {
  assert.deepEqual(
    (await rows('processes', 'svc1')).map((row) => row.name),
    ['svc1.exe'],
  );
});
