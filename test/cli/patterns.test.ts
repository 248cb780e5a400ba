// Names on the command line are patterns of PowerShell's -like.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addContainersCommand } from '../../cli/commands/containers.ts';
import { addDnsRequestsCommand } from '../../cli/commands/dns-requests.ts';
import { addListenersCommand } from '../../cli/commands/listeners.ts';
import { addProcessesCommand } from '../../cli/commands/processes.ts';
import { addServicesCommand } from '../../cli/commands/services.ts';
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
