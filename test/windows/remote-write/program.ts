// Encodes a pass in Node for Windows; prints the body in base64.
import type { MetricDefinition } from '../../../src/collectors/families/definition.ts';
import { SampleGatherer } from '../../../src/collectors/samples.ts';
import { encodePass } from '../../../src/exporters/remote-write/write-request.ts';

const things: MetricDefinition = {
  name: 'things',
  type: 'gauge',
  help: 'Things of a folder',
  labels: ['folder'],
  scope: 'self',
  unit: 'things',
  emittedWhen: 'always',
};
const gatherer = new SampleGatherer();
gatherer.relabel({ machine_id: 'M1', system_uuid: '' });
gatherer.begin();
for (const folder of ['C:\\Windows', 'C:\\Müller']) gatherer.add(things, {}, () => ({ folder }), 2.5);
const payload = await encodePass(gatherer.finish(1_764_288_000_123), []);
console.log(Buffer.from(payload!.body).toString('base64'));
