// The output of `services --groups` and `listeners`, from a real control plane.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addListenersCommand } from '../../cli/commands/listeners.ts';
import { addServicesCommand } from '../../cli/commands/services.ts';
import { aModel, round, web } from '../helpers/model.ts';
import { printedBy } from '../helpers/printed.ts';
import { aSharedHost } from '../helpers/shared-host.ts';

const printed = (args: readonly string[], model = aSharedHost()) =>
  printedBy([addServicesCommand, addListenersCommand], args, model);

test('prints a group: the whole process, each service, and unattributed sockets', async () => {
  const text = await printed(['services', '--groups', 'NetworkService']);
  assert.match(text, /process 1000 svchost\.exe -k NetworkService\n/);
  assert.match(text, /as a whole CPU 2\.00 s, memory 2\.9 KiB private, 9 threads, 300 handles\n/);
  assert.match(text, /^Dnscache selected \/win\/Dnscache 2 10\.0\.0\.5:5353 10\.0\.0\.9:53/m);
  assert.match(text, /^TermService manual-start 0 10\.0\.0\.5:3389/m);
  assert.match(text, /^\(unattributed\) 1 10\.0\.0\.5:49700 10\.0\.0\.9:443/m);
  assert.doesNotMatch(text, /iissvcs/);
});

test('finds groups by their services, and prints a message if there are none', async () => {
  assert.match(await printed(['services', '--groups', 'W3*']), /-k iissvcs/);
  const alone = aModel();
  round(alone, 0, { services: [web()], processes: [{ pid: 100 }] });
  assert.equal(await printed(['services', '--groups'], alone), 'No process is shared by several running services.\n');
});

test('prints the groups of the response as JSON', async () => {
  const groups = JSON.parse(await printed(['services', '--groups', '-o', 'json'])) as { pid: number }[];
  assert.deepEqual(
    groups.map(({ pid }) => pid),
    [1000, 2000],
  );
});

test('the list of services shows the number of services in the process', async () => {
  assert.match(await printed(['services', 'Dnscache']), /Dnscache running automatic 1000 with 2 \/win\/Dnscache/);
});

test('filters listeners by container, service and address', async () => {
  assert.match(
    await printed(['listeners', 'w3svc']),
    /\/win\/W3SVC W3SVC 10\.0\.0\.5:80 4 iis binding http:\/\/\*:80\//,
  );
  assert.match(await printed(['listeners', 'TermService']), /^ ?TermService 10\.0\.0\.5:3389 1000 service tag/m);
  assert.match(await printed(['listeners', '*:445']), /10\.0\.0\.5:445 4 unattributed no running service/);
});
