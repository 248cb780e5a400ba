// The label instance of remote write.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instanceOf } from '../../../src/exporters/remote-write/instance.ts';

test('is the MD5 of machine id and dashless upper-case UUID', () => {
  // printf '0123456789abcdef0123456789abcdef4C4C4544004A5A10805AB4C04F4D4D32' | md5sum
  const labels = {
    machine_id: '0123456789abcdef0123456789abcdef',
    system_uuid: '4c4c4544-004a-5a10-805a-b4c04f4d4d32',
  };
  assert.equal(instanceOf(labels), '6a248880a13db3d5506fcc0ea7d121b2');
  assert.equal(
    instanceOf({ ...labels, system_uuid: labels.system_uuid.toUpperCase() }),
    '6a248880a13db3d5506fcc0ea7d121b2',
  );
});

test('is the machine id where there is no UUID, or the same one', () => {
  assert.equal(instanceOf({ machine_id: 'ABC123', system_uuid: '' }), 'ABC123');
  assert.equal(instanceOf({ machine_id: 'ABC123', system_uuid: '--' }), 'ABC123');
  assert.equal(instanceOf({ machine_id: 'ABC123', system_uuid: 'abc-123' }), 'ABC123');
});

test('is empty while the machine id is not known', () => {
  assert.equal(instanceOf({ machine_id: '', system_uuid: '4c4c4544-004a-5a10-805a-b4c04f4d4d32' }), '');
});
