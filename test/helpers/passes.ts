// Passes of a host with one series, for tests of delivery.
import { catalogue } from '../../src/collectors/catalogue.ts';
import { SampleGatherer, type Snapshot } from '../../src/collectors/samples.ts';

/** A finished pass; the machine id is known. */
export function passAt(atMs: number, value = 1): Snapshot {
  const gatherer = new SampleGatherer();
  gatherer.relabel({ machine_id: 'm1', system_uuid: '' });
  gatherer.begin();
  gatherer.add(catalogue.agentInfo, {}, () => ({ machine_id: 'm1', system_uuid: '', version: '1' }), value);
  return gatherer.finish(atMs);
}
